FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json vite.config.ts ./
COPY src src
RUN npm run build

FROM node:24-slim
ENV NODE_ENV=production
# A container is reached from outside of it, so that the start asks for AUTH, or for ALLOW_UNAUTHENTICATED=true.
ENV HOST=0.0.0.0
WORKDIR /app
COPY package.json LICENSE ./
# The service with all packages that it loads. It starts in less than half of the time that the sources take.
COPY --from=build /app/dist dist
USER node
# What V8 compiles is kept in the image too.
ENV NODE_COMPILE_CACHE=/home/node/.cache/certway
RUN HOST=127.0.0.1 timeout --preserve-status 10 node --max-semi-space-size=8 dist/main.js
EXPOSE 4000
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 4000}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# A small young generation: a third less memory where all certificates are read at once, for some of the speed.
CMD ["node", "--max-semi-space-size=8", "dist/main.js"]

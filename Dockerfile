FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json vite.config.ts vite.package.ts README.md CHANGELOG.md LICENSE schema.graphql ./
COPY src src
COPY page page
RUN npm run build

FROM node:24-slim
ENV NODE_ENV=production
# A container is called from outside, so the service requires AUTH or ALLOW_UNAUTHENTICATED=true.
ENV HOST=0.0.0.0
WORKDIR /app
COPY package.json LICENSE ./
# The service bundled with its packages. It starts in less than half of the time of the sources.
COPY --from=build /app/dist dist
USER node
# Keeps V8's compiled code in the image.
ENV NODE_COMPILE_CACHE=/home/node/.cache/certway
RUN HOST=127.0.0.1 timeout --preserve-status 10 node --max-semi-space-size=8 dist/main.js
EXPOSE 4000
# Asks over TLS if the service speaks it, whatever name its certificate has.
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s \
  CMD ["node", "-e", "const { TLS_CERT_FILE, PORT, BASE_PATH = '' } = process.env; require(TLS_CERT_FILE ? 'https' : 'http').get({ host: '127.0.0.1', port: PORT || 4000, path: `${BASE_PATH}/health`, rejectUnauthorized: false }, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
# A small young generation takes a third less memory when all certificates are read at once, at the cost of some speed.
CMD ["node", "--max-semi-space-size=8", "dist/main.js"]

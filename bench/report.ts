import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { CERTIFICATES, LATENCY_MS, READERS, REQUESTS_PER_SECOND } from './limit.ts';
import { figure, table } from './markdown.ts';
import { MEANING, QUERY_NAMES } from './queries.ts';
import type { Results } from './results.ts';
import { growthTables, kindTable, limitTable, overview, queryTable, sizeTables } from './tables.ts';
import { type Target, targetsOf } from './targets.ts';

const manifest = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

const versionsOf = (names: string[]) =>
  names.map((name) => `${name} ${manifest.dependencies[name]}`).join(', ');

export type RunFacts = { rounds: number; seconds: number; minutes: number; wrk: string };

/** `bench/README.md`, all of it. */
export function report(results: Results, { rounds, seconds, minutes, wrk }: RunFacts): string {
  const [cpu] = cpus();
  const targets = targetsOf(results);
  const { measurements, limits, starts, growth, kinds } = results;
  return `# Benchmark

\`npm run bench\` made this file. It needs Linux and Debian's \`wrk\`, installs the peers into \`bench/\` the first time, and
ends within 10 minutes. \`npm run bench -- --parts throughput --only A,B --rounds 1\` is quicker: with any of \`--parts\`
(\`throughput\`, \`limit\`, \`size\`, \`growth\`), \`--only\`, \`--rounds\` and \`--seconds\` the tables go to the terminal instead.
\`npm run bench -- --parts throughput --rounds 0\` only checks that all servers answer rightly.

Run on ${new Date().toISOString().slice(0, 10)} in ${figure(minutes)} minutes: ${cpus().length} cores (${cpu?.model.trim()}), ${figure(totalmem() / 2 ** 30)} GiB, Linux ${release()},
Node ${process.versions.node}, ${wrk}. ${rounds} rounds of ${seconds} s a sample; medians. Only ratios within one run mean anything.
${targets.length > 0 ? reached(targets) : ''}${measurements.length > 0 ? measured(results) : ''}${
  limits.length > 0
    ? `
## Under AWS's real limit

AWS allows an account ${REQUESTS_PER_SECOND} requests a second in a region, and bursts of 40. The stub does so too, takes ${LATENCY_MS} ms a call and has
${CERTIFICATES} certificates. ${READERS} connections ask without a pause, A and B in turns, B over all ids; a writer generates a certificate a
second, and then reads the first page, on which it has to be, and the certificate. Each service has an AWS of its own and
has answered nothing before but \`{ __typename }\`, once on each connection. An answer is right if its status is 200, it has no errors, and it is what the certificates were at some
moment that is no longer than 1 s before its request began. AWS calls are those that AWS let pass.

${limitTable(limits)}
`
    : ''
}${
  starts.length > 0
    ? `
## Start and size

${sizeTables(results)}
`
    : ''
}${
  growth.length > 0
    ? `
## As it grows

50 connections; no request is sent twice the same, so that each answer is made and none is kept.

${growthTables(growth)}

One page at a time, with \`CACHE_TTL_MS=0\`. The longest pause is the slowest answer of \`/health\` meanwhile.

${kindTable(kinds)}
`
    : ''
}`;
}

function reached(targets: Target[]): string {
  return `
## Targets

${targets.filter(({ isMet }) => isMet).length} of ${targets.length} are met. Those that compare requests a second also have the ratio of the CPU time a request, which what
else the machine does changes less.

${table(
  ['target', 'bound', 'measured', ''],
  targets.map(({ what, bound, got, isMet }) => [what, bound, got, isMet ? 'met' : '**missed**']),
)}
`;
}

function measured({ measurements }: Results): string {
  const queries = QUERY_NAMES.filter((name) => measurements.some(({ query }) => query === name));
  return `
## Measured

- **Queries.** ${QUERY_NAMES.map((name) => `**${name}** ${MEANING[name]}`).join('; ')}.
  Every field of a certificate is all but \`x509\`. Before anything is measured, every answer of every server to A, B, C and D is compared with what it has to be;
  cursors may differ.
- **AWS** is a process of its own with 60 certificates, which answers at once and refuses nothing.
- **Load** is wrk with one thread, keep-alive, one request at a time a connection; all servers are up and take turns within
  each round. Each server has one core of the machine; wrk and the stub have others, of two the second.
- **Servers** run with \`NODE_ENV=production\` and their output to \`/dev/null\`. Certway as \`npm start\` runs it, with its default
  settings: it logs every operation, and no peer logs any. "No request twice the same": each carries another
  \`"extensions": { "n": … }\`, so that no answer can be one that was kept whole.
- **Peers** have the same schema and the same calls of AWS ([peers/](peers/)): a list a page, and a DataLoader a request with one
  GetClientCertificate an id. With a "1 s cache" each read of AWS is joined while in flight and kept for 1 s.
  ${versionsOf(['graphql', 'graphql-yoga', '@pothos/core', '@apollo/server'])},
  ${versionsOf(['mercurius', 'fastify', '@aws-sdk/client-api-gateway'])}.
- **The floor** reads the body of a request and answers the bytes that Certway answered.

Requests a second at 50 connections:

${overview(measurements, queries)}

Failures are answers with another status than 200 or of another size, and broken connections. Requests that have no
answer yet when a sample ends count for CPU and AWS calls.
${queries.map((query) => `\n### ${query}: ${MEANING[query]}\n\n${queryTable(measurements, query)}\n`).join('')}`;
}

import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { CONNECTIONS as FLOOD_CONNECTIONS, type Flood } from './flood.ts';
import { CONNECTIONS } from './growth.ts';
import { CERTIFICATES, LATENCY_MS, READERS, REQUESTS_PER_SECOND } from './limit.ts';
import { figure, table } from './markdown.ts';
import { MEANING, QUERY_NAMES } from './queries.ts';
import { queriesOf, type Results } from './results.ts';
import {
  floodTable,
  growthTables,
  kindTable,
  limitTable,
  overview,
  queryTable,
  sizeTables,
} from './tables.ts';
import { targetsOf } from './targets.ts';

export type RunFacts = { rounds: number; seconds: number; minutes: number; wrk: string };

/** `bench/README.md`: a section for each part that was measured. */
export function report(results: Results, facts: RunFacts): string {
  const sections = [
    introduction(facts),
    targets(results),
    results.measurements.length > 0 && measured(results),
    results.flood && flooded(results.flood),
    results.limits.length > 0 && underLimit(results),
    results.starts.length > 0 && size(results),
    results.growth.length > 0 && growth(results),
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}

const introduction = ({ rounds, seconds, minutes, wrk }: RunFacts): string => `# Benchmark

\`npm run bench\` made this file. It needs Linux and Debian's \`wrk\`, installs the peers into \`bench/\` the first time, and
ends within 10 minutes. Quicker, with the tables in the terminal:

| command | does |
|---|---|
| \`npm run bench -- --parts throughput --only A,B --rounds 1\` | some of the parts (\`throughput\`, \`flood\`, \`limit\`, \`size\`, \`growth\`), queries and rounds |
| \`npm run bench -- --parts throughput --rounds 0\` | only checks that every server answers rightly |

Run on ${new Date().toISOString().slice(0, 10)} in ${figure(minutes)} minutes, on Linux with ${cpus().length} cores (${cpus()[0]?.model.trim()}) and ${figure(totalmem() / 2 ** 30)} GiB, Node
${process.versions.node}, ${wrk}. A sample takes ${seconds} s, at one connection 1 s; figures are medians of ${rounds} rounds. Only
ratios within one run mean anything.`;

function targets(results: Results): string {
  const all = targetsOf(results);
  const rows = all.map(({ what, bound, got, isMet }) => [what, bound, got, isMet ? 'met' : '**missed**']);
  return `## Targets

${all.filter(({ isMet }) => isMet).length} of ${all.length} are met. Where requests a second are compared, there is also the ratio of the CPU time a request, which
depends less on what else the machine does.

${table(['target', 'bound', 'measured', ''], rows)}`;
}

function measured({ measurements }: Results): string {
  const queries = queriesOf(measurements);
  const details = queries.map(
    (query) => `### ${query}: ${MEANING[query]}\n\n${queryTable(measurements, query)}`,
  );
  return `## Measured

- **Queries.** ${QUERY_NAMES.map((name) => `**${name}** ${MEANING[name]}`).join('; ')}.
  Every field of a certificate is all but \`x509\`. Before anything is measured, every answer of every server is compared
  with what it has to be; cursors may differ.
- **AWS** is a process of its own with 60 certificates, which answers at once and refuses nothing.
- **Load** is wrk with one thread, keep-alive, one request at a time a connection. All servers are up and take turns within
  each round. A server has one core of the machine; wrk and AWS have others, of two the second.
- **Servers** run with \`NODE_ENV=production\` and their output to \`/dev/null\`. Certway as its image runs it (\`npm run build\`),
  with its default settings: it logs every operation, and no peer logs any. "No request twice the same": each carries another
  \`"extensions": { "n": … }\`, so that no answer can be one that was kept whole.
- **Peers** ([peers/](peers/)) have the same types and make the same calls: a list a page, and a DataLoader a request with one
  GetClientCertificate an id. With a "1 s cache", each read of AWS is joined while in flight and kept for 1 s.
  ${versionsOf('graphql', 'graphql-yoga', '@pothos/core', '@apollo/server')},
  ${versionsOf('mercurius', 'fastify', '@aws-sdk/client-api-gateway')}.
- **The floor** reads the body of a request and answers the bytes that Certway answered.

Requests a second at 50 connections:

${overview(measurements, queries)}

Failures are answers with another status than 200 or of another size, and broken connections. Requests that have no
answer yet when a sample ends count for CPU and AWS calls. Each sample has new connections, of which Node takes one a turn
of its event loop: the p99 at 50 shows that, too.

${details.join('\n\n')}`;
}

const flooded = (flood: Flood): string => `## A flood of random queries

${FLOOD_CONNECTIONS} connections send valid queries as fast as they are answered, of which no document came before (${figure(flood.documents)} of them);
${FLOOD_CONNECTIONS} others ask B, with answers that are kept, and with none that are. Resident memory was ${figure(flood.beforeMib)} MiB before, ${figure(flood.afterMib)} after.

${floodTable(flood)}`;

const underLimit = ({ limits }: Results): string => `## Under AWS's real limit

AWS allows an account ${REQUESTS_PER_SECOND} requests a second in a region, and bursts of 40. Here it does so too, takes ${LATENCY_MS} ms a call and has
${CERTIFICATES} certificates. ${READERS} connections ask without a pause, A and B in turns, B over all ids; a writer generates a certificate a
second, and then reads the first page, on which it has to be, and the certificate. Each service has an AWS of its own, and
has answered nothing before but \`{ __typename }\`, once on each connection.

An answer is right if its status is 200, it has no errors, and it says what the certificates were at some moment that is no
longer than 1 s before its request began. AWS reads and writes are those that AWS let pass.

${limitTable(limits)}`;

const size = (results: Results): string => `## Start and size

${sizeTables(results)}`;

const growth = (results: Results): string => `## As it grows

${CONNECTIONS} connections; no request is sent twice the same, so that each answer is made and none is kept.

${growthTables(results.growth)}

One page at a time, with \`CACHE_TTL_MS=0\`. The longest pause is the slowest answer of \`/health\` meanwhile.

${kindTable(results.kinds)}`;

function versionsOf(...names: string[]): string {
  const { dependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
  return names.map((name) => `${name} ${dependencies[name]}`).join(', ');
}

import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { accountRegions } from './account-region-report.ts';
import { CONNECTIONS as FLOOD_CONNECTIONS, type Flood } from './flood.ts';
import { CONNECTIONS } from './growth.ts';
import { CERTIFICATES, LATENCY_MS, READERS, REQUESTS_PER_SECOND } from './limit.ts';
import { figure, table } from './markdown.ts';
import { MEANING, QUERY_NAMES } from './queries.ts';
import { replicas } from './replica-report.ts';
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

/** The text of `bench/README.md`: a section for each part that was measured. */
export function report(results: Results, facts: RunFacts): string {
  const sections = [
    introduction(facts),
    targets(results),
    results.measurements.length > 0 && measured(results),
    results.flood && flooded(results.flood),
    results.limits.length > 0 && underLimit(results),
    results.starts.length > 0 && size(results),
    results.growth.length > 0 && growth(results),
    results.accountRegions && accountRegions(results.accountRegions),
    results.replicas && replicas(results.replicas),
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}

const introduction = ({ rounds, seconds, minutes, wrk }: RunFacts): string => `# Benchmark

\`npm run bench\` writes this file. It needs Linux and Debian's \`wrk\`, installs the peers into \`bench/\` the first time, and
takes at most 16 minutes. Shorter runs print their tables to the terminal:

| command | does |
|---|---|
| \`npm run bench -- --parts throughput --only A,B --rounds 1\` | runs some of the parts (\`throughput\`, \`flood\`, \`limit\`, \`size\`, \`growth\`, \`accounts\`, \`replicas\`), queries and rounds |
| \`npm run bench -- --parts throughput --rounds 0\` | only checks that every server gives right answers |

Run on ${new Date().toISOString().slice(0, 10)} in ${figure(minutes)} minutes, on Linux with ${cpus().length} cores (${cpus()[0]?.model.trim()}) and ${figure(totalmem() / 2 ** 30)} GiB, Node
${process.versions.node}, ${wrk}. A sample takes ${seconds} s, or 1 s at one connection; figures are medians of ${rounds} rounds. Compare
only figures of the same run: the speed of the machine varies.`;

function targets(results: Results): string {
  const all = targetsOf(results);
  const rows = all.map(({ what, bound, got, isMet }) => [what, bound, got, isMet ? 'met' : '**missed**']);
  return `## Targets

${all.filter(({ isMet }) => isMet).length} of ${all.length} are met. A comparison of requests per second also has the ratio of the CPU time per request, which
depends less on other work of the machine.

${table(['target', 'bound', 'measured', ''], rows)}`;
}

function measured({ measurements }: Results): string {
  const queries = queriesOf(measurements);
  const details = queries.map(
    (query) => `### ${query}: ${MEANING[query]}\n\n${queryTable(measurements, query)}`,
  );
  return `## Measured

- **Queries.** ${QUERY_NAMES.map((name) => `**${name}** ${MEANING[name]}`).join('; ')}.
  “Every field” means all fields of a certificate but \`x509\`. Before the measurement, every answer of every server is
  compared with the expected one; only cursors may differ.
- **AWS** is a process of its own with 60 certificates. It answers at once and refuses nothing.
- **Load** comes from wrk with one thread and keep-alive; each connection sends one request at a time. All servers run at the
  same time, and take turns within each round. Servers use the first core; wrk and AWS use others, or share the second of two.
- **Servers** run with \`NODE_ENV=production\`, and their output goes to \`/dev/null\`. Certway runs as in its image (\`npm run build\`),
  with its default settings: it logs every operation, and the peers log none. “Every request different” means that each request
  carries another \`"extensions": { "n": … }\`, so that no response can be reused.
- **Peers** ([peers/](peers/)) have the same types and make the same AWS calls: one list per page, and one GetClientCertificate per id,
  through a DataLoader per request. With a “1 s cache”, an AWS read in flight is joined, and its answer is reused for 1 s.
  ${versionsOf('graphql', 'graphql-yoga', '@pothos/core', '@apollo/server')},
  ${versionsOf('mercurius', 'fastify', '@aws-sdk/client-api-gateway')}.
- **The floor** reads the body of a request and sends the bytes that Certway answered.

Requests per second at 50 connections:

${overview(measurements, queries)}

Failures are answers with an error status or an unexpected size, and broken connections. Requests that have no answer yet
when a sample ends count for CPU and AWS calls. Each sample opens new connections, and Node accepts one per turn of its
event loop, which adds to the p99 at 50 connections.

${details.join('\n\n')}`;
}

const flooded = (flood: Flood): string => `## A flood of random queries

${FLOOD_CONNECTIONS} connections send valid queries as fast as they are answered, and each document is new (${figure(flood.documents)} of them).
${FLOOD_CONNECTIONS} other connections send B: first the same requests again and again, answered from the response cache (“cached”), then
requests that are all different (“executed”). Resident memory was ${figure(flood.beforeMib)} MiB before and ${figure(flood.afterMib)} MiB after.

${floodTable(flood)}`;

const underLimit = ({ limits }: Results): string => `## Under AWS's real limit

AWS allows ${REQUESTS_PER_SECOND} requests per second per account and region, with bursts of 40. So does the AWS of this test; it has
${CERTIFICATES} certificates and takes ${LATENCY_MS} ms per call. ${READERS} connections ask without a pause, A and B in turn, and B for each id in turn.
A writer generates a certificate every second. Then it reads the first page, which must show the certificate, and the
certificate itself. Each service has an AWS of its own, and has only answered \`{ __typename }\` before, once per connection.

An answer is right if its status is 200, it has no errors, and it shows the certificates as they were at some moment,
at most 1 s before its request began. AWS reads and writes are the calls that AWS did not throttle.

${limitTable(limits)}`;

const size = (results: Results): string => `## Start and size

${sizeTables(results)}`;

const growth = (results: Results): string => `## As it grows

${CONNECTIONS} connections; every request is different, so that no response can be reused.

${growthTables(results.growth)}

One page at a time, with \`CACHE_TTL_MS=0\`. The longest pause is the slowest answer to \`/health\` meanwhile.

${kindTable(results.kinds)}`;

function versionsOf(...names: string[]): string {
  const { dependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
  return names.map((name) => `${name} ${dependencies[name]}`).join(', ');
}

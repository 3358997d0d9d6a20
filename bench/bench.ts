import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { COUNTS, measureAccountRegions } from './account-regions.ts';
import { measureFlood } from './flood.ts';
import { measureGrowth, SIZES } from './growth.ts';
import { measureUnderLimit } from './limit.ts';
import { ROOT } from './processes.ts';
import { QUERY_NAMES } from './queries.ts';
import { measureReplicaThroughput } from './replica-throughput.ts';
import { measureReplicas, REPLICA_COUNTS } from './replicas.ts';
import { report } from './report.ts';
import type { Results } from './results.ts';
import { contestants, underLimit } from './servers.ts';
import { measureSizes, measureStarts } from './size.ts';
import { measureThroughput } from './throughput.ts';

const MINUTES = 16;
const STARTS = 7;
const LIMIT_SECONDS = 10;

const { values } = parseArgs({
  options: {
    parts: { type: 'string', default: 'throughput,flood,limit,size,growth,accounts,replicas' },
    only: { type: 'string', default: QUERY_NAMES.join() },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
  },
});
const parts = values.parts.split(',');
const queries = QUERY_NAMES.filter((name) => values.only.split(',').includes(name));
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const isWhole = process.argv.length === 2;

const startedAt = performance.now();
const minutes = () => (performance.now() - startedAt) / 60_000;
const say = (text: string) => process.stderr.write(`${minutes().toFixed(1)} min  ${text}\n`);
setTimeout(() => {
  say(`not done after ${MINUTES} minutes`);
  process.exit(1);
}, MINUTES * 60_000).unref();

const wrk = wrkVersion();
execFileSync('npm', ['run', 'build', '--silent'], { cwd: ROOT });
const results: Results = { measurements: [], limits: [], starts: [], sizes: [], growth: [], kinds: [] };
if (parts.includes('size')) {
  say('start and size');
  results.starts = await measureStarts(STARTS);
  Object.assign(results, await measureSizes(3));
}
if (parts.includes('flood')) {
  say('flood');
  results.flood = await measureFlood(seconds);
}
if (parts.includes('limit'))
  for (const contestant of underLimit) {
    say(`under AWS's limit: ${contestant.name}`);
    results.limits.push(await measureUnderLimit(contestant, LIMIT_SECONDS));
  }
if (parts.includes('growth'))
  Object.assign(results, await measureGrowth({ sizes: SIZES, seconds, progress: say }));
if (parts.includes('accounts'))
  results.accountRegions = await measureAccountRegions({ counts: COUNTS, progress: say });
if (parts.includes('replicas')) {
  const together = [];
  for (const count of REPLICA_COUNTS) {
    say(`${count} replicas`);
    together.push(await measureReplicas(count));
  }
  results.replicas = { together, alone: await measureReplicaThroughput({ rounds, seconds, progress: say }) };
}
if (parts.includes('throughput'))
  results.measurements = await measureThroughput({ queries, rounds, seconds, contestants, progress: say });

const text = report(results, { rounds, seconds, minutes: minutes(), wrk });
if (isWhole) writeFileSync(new URL('README.md', import.meta.url), text);
else process.stdout.write(text);
say(isWhole ? 'bench/README.md is written' : 'done');

function wrkVersion(): string {
  const { stdout, error } = spawnSync('wrk', ['--version'], { encoding: 'utf8' });
  if (error) throw new Error('expected wrk to be installed: apt-get install wrk', { cause: error });
  return /^wrk \S+/.exec(stdout)?.[0] ?? 'wrk';
}

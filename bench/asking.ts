import { type AnswerBody, ORDERED, type Question, questionsOf } from './account-region-questions.ts';
import type { Connection } from './connection.ts';
import type { Program } from './processes.ts';
import type { SimulatedCounts } from './simulated-aws.ts';
import type { SimulatedAws } from './simulated-aws-process.ts';
import { median } from './statistics.ts';
import { LATENCY_MS, placesOf, settingsOf } from './world.ts';

/** The default of `MAX_PARALLEL_READS`. */
export const PARALLEL_READS = 32;

/** Warm figures need answers that live longer than the reads of 1,200 accounts and regions take. */
export const CACHE_TTL_MS = 60_000;

/** Fewer if they take long. */
const WARM_REQUESTS = 20;
const WARM_MS = 3000;

/** Nothing in the background, but what a table says. */
export const QUIET = {
  STAGE_READS_PER_SECOND: '0',
  EXPIRY_REFRESH_MS: '86400000',
  CACHE_TTL_MS: String(CACHE_TTL_MS),
};

export const envOf = (aws: SimulatedAws, count: number): Record<string, string> => ({
  ...aws.settings,
  ...settingsOf(placesOf(count)),
  ...QUIET,
});

/** The service without anything in the background (asked-only.ts). */
export const askedOnly = (env: Record<string, string>, options: string[] = []): Program => ({
  args: ['--max-semi-space-size=8', ...options, 'bench/asked-only.ts'],
  env: { NODE_COMPILE_CACHE: 'node_modules/.cache/compiled', ...env },
});

/** The same question again and again, each time as a request that the response cache does not know. */
export async function askAgain(connection: Connection, question: Question) {
  const answers: Awaited<ReturnType<typeof ask>>[] = [];
  const endsAt = performance.now() + WARM_MS;
  while (answers.length < WARM_REQUESTS && performance.now() < endsAt) {
    const body = `{"extensions":{"n":${answers.length}},${question.body.slice(1)}`;
    answers.push(await ask(connection, { ...question, body }));
  }
  const times = answers.map(({ ms }) => ms);
  const complaint = answers.find((answer) => answer.complaint !== undefined)?.complaint;
  return { warmMs: median(times), slowestWarmMs: Math.max(...times), complaint };
}

export async function ask(connection: Connection, { body, complaint }: Pick<Question, 'body' | 'complaint'>) {
  const startedAt = performance.now();
  const answer = await connection.post(body);
  const ms = performance.now() - startedAt;
  const parsed: AnswerBody = answer.status === 0 ? {} : JSON.parse(answer.text());
  const wrong = complaint(parsed);
  const errors = parsed.errors?.map(({ message }) => message).join();
  return { ms, complaint: wrong && `${wrong.slice(0, 200)}${errors ? ` (${errors.slice(0, 300)})` : ''}` };
}

/** Calls to API Gateway, and to assume roles; and the largest number that AWS had to answer at the same time. */
export type Calls = { reads: number; roles: number; mostAtOnce: number };

/** Calls that hang and those that were refused are reads, too. */
export function callsIn(counts: SimulatedCounts): Calls {
  const { calls, hung, throttled, overspent, strange, mostAtOnce } = counts;
  const answered = Object.values(calls).reduce((sum, count) => sum + count, 0);
  const roles = calls['AssumeRole'] ?? 0;
  return { reads: answered - roles + hung + throttled + overspent + strange, roles, mostAtOnce };
}

/** The shortest time in which so many calls can be made, so many at a time. */
export const scheduleMs = ({ reads, roles }: Pick<Calls, 'reads' | 'roles'>): number =>
  Math.ceil((reads + roles) / PARALLEL_READS) * LATENCY_MS;

export const orderedOf = (count: number): Question => {
  const found = questionsOf(count, false).find(({ name }) => name === ORDERED);
  if (!found) throw new Error(`there is no question ${ORDERED}`);
  return found;
};

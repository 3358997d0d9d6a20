import { type Question, questionsOf } from './account-region-questions.ts';
import { type Idle, measureIdle, measureService, type Served } from './account-region-services.ts';
import { ask, askAgain, askedOnly, type Calls, callsIn, envOf } from './asking.ts';
import { createConnection } from './connection.ts';
import { type Running, start } from './processes.ts';
import { type SimulatedAws, startSimulatedAws } from './simulated-aws-process.ts';

/** A question over `accountRegions` accounts and regions, to a service that was asked nothing before. */
export type Asked = Calls & {
  accountRegions: number;
  hasFaults: boolean;
  question: string;
  coldMs: number;
  /** Later answers, while everything is known. */
  warmMs: number;
  slowestWarmMs: number;
  /** What was wrong with an answer. */
  complaint: string | undefined;
};

export const COUNTS = [1, 12, 120, 1200];

/** Faults need at least so many: one throttles, one hangs, and others answer. */
export const LEAST_WITH_FAULTS = 12;

export type AccountRegionOptions = { counts: number[]; progress: (text: string) => void };

export type AccountRegionResults = { asked: Asked[]; served: Served[]; idle: Idle };

/** "As it grows" by accounts and regions. */
export async function measureAccountRegions({
  counts,
  progress,
}: AccountRegionOptions): Promise<AccountRegionResults> {
  const asked: Asked[] = [];
  const served: Served[] = [];
  const most = Math.max(...counts);
  for (const count of counts) {
    progress(`${count} accounts and regions`);
    asked.push(...(await measureQuestions(count, false)));
    served.push(await measureService(count, false));
  }
  for (const count of counts.filter((other) => other >= LEAST_WITH_FAULTS)) {
    progress(`${count} accounts and regions, with faults`);
    asked.push(...(await measureQuestions(count, true)));
  }
  progress(`${most} accounts and regions, with stages, and idle`);
  served.push(await measureService(most, true));
  return { asked, served, idle: await measureIdle(most) };
}

/** Each question in a service of its own, without and with faults. */
async function measureQuestions(count: number, hasFaults: boolean): Promise<Asked[]> {
  const aws = await startSimulatedAws({ accountRegions: count, hasFaults });
  const asked: Asked[] = [];
  for (const question of questionsOf(count, hasFaults)) {
    const running = await start(askedOnly(envOf(aws, count)));
    await aws.counts();
    asked.push({ accountRegions: count, hasFaults, ...(await measureQuestion(running, aws, question)) });
    await running.stop();
  }
  await aws.stop();
  return asked;
}

async function measureQuestion(running: Running, aws: SimulatedAws, question: Question) {
  const connection = createConnection(new URL('/graphql', running.url));
  const cold = await ask(connection, question);
  const calls = callsIn(await aws.counts());
  const warm = await askAgain(connection, question);
  await connection.close();
  const complaint = cold.complaint ?? warm.complaint;
  return { question: question.name, coldMs: cold.ms, ...calls, ...warm, complaint };
}

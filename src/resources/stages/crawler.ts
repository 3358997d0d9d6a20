import type { Logger } from 'pino';
import type { AccountRegion } from '../../aws/account-region.ts';
import { createAwsCalls } from '../../aws/calls.ts';
import { notAnswered } from '../../aws/errors.ts';
import { createOperationEnd } from '../../aws/operation-end.ts';
import { CertwayError, NotFoundError } from '../../errors/errors.ts';
import type { Clock } from '../../time/clock.ts';
import type { Moment } from './known-api.ts';
import type { Pace } from './pace.ts';
import { nextRead, type Subject } from './plan.ts';
import { restSource } from './rest-source.ts';
import type { StageIndex } from './stage-index.ts';
import { webSocketSource } from './web-socket-source.ts';

/** Of several replicas, one at a time reads AWS. */
export type CrawlTurn = {
  /** Takes over what the others have read. Resolves to whether it is the turn of this one, for the next seconds. */
  take(): Promise<boolean>;
  /** Resolves to whether it still is, for the next seconds again. */
  keep(): Promise<boolean>;
  /** How often to take over what others have read. */
  everyMs: number;
};

export type CrawlerOptions = {
  index: StageIndex;
  pace: Pace;
  accountRegion: Pick<AccountRegion, 'client' | 'v2' | 'budget' | 'account' | 'accountId' | 'identify'>;
  /** Makes a call when it is the turn of this account and region among others. */
  inParallel: <R>(call: () => Promise<R>) => Promise<R>;
  /** Called whenever a call is sent to AWS. */
  onSent: () => void;
  log: Logger;
  /** Whether the log says already that AWS does not answer. */
  isTold: () => boolean;
  /** Undefined if this process is the only one. */
  turn?: CrawlTurn | undefined;
  /** Ends the crawl. */
  signal: AbortSignal;
  clock: Pick<Clock, 'now' | 'elapsedMs' | 'later' | 'wait'>;
};

/** Failures that tell nothing about what was asked for: AWS has not got so far. */
const BUSY = ['THROTTLED', 'UPSTREAM_TIMEOUT', 'UPSTREAM_UNAVAILABLE'];

/** For credentials that never come, and answers that never end. All other calls take less, also those that have to wait. */
const LONGEST_CALL_MS = 60_000;

/** Reads all APIs and their stages into the index, again and again, one call at a time, until `signal` is aborted. */
export async function crawl(options: CrawlerOptions): Promise<void> {
  const { index, pace, accountRegion, inParallel, onSent, log, isTold, turn, signal, clock } = options;
  const { now, elapsedMs, wait } = clock;
  const calls = createAwsCalls({
    accountRegion,
    onBehalfOf: '',
    gone: () => signal,
    timeoutMs: 0, // of writes, of which there are none
    maxCalls: Number.POSITIVE_INFINITY,
    repeats: false,
    clock,
  });
  /** What could not be read the last time. */
  const failing = new Set<string>();
  let asked: Moment | undefined;

  const isTurn = async () => !turn || turn.take();
  const longestMs = turn?.everyMs ?? Number.POSITIVE_INFINITY;

  /** Meanwhile it stays the turn of this one: another replica would ask AWS although it throttles. Rejects if it does not. */
  async function paceAllows(): Promise<void> {
    for (let ms = pace.waitMs(elapsedMs()); ms > 0; ms = pace.waitMs(elapsedMs())) {
      await wait(Math.ceil(Math.min(ms, longestMs)), signal);
      if (ms > longestMs && turn && !(await turn.keep())) throw new LostTurn();
    }
    signal.throwIfAborted();
  }

  async function inTurn(): Promise<void> {
    await paceAllows();
    pace.sent(elapsedMs()); // even if it fails before it is sent
    asked ??= { atMs: elapsedMs(), at: now() };
  }

  function sent(): void {
    pace.sent(elapsedMs());
    onSent();
  }

  async function inTime<R>(send: (signal: AbortSignal) => Promise<R>): Promise<R> {
    const end = new AbortController();
    const { promise, reject } = Promise.withResolvers<never>();
    const { whenOver } = createOperationEnd({ gone: () => signal, timeoutMs: LONGEST_CALL_MS, clock });
    const takeBack = whenOver(() => {
      reject(notAnswered());
      end.abort();
    });
    return Promise.race([send(end.signal), promise]).finally(takeBack);
  }

  const sources = {
    REST: restSource(async (command) => {
      await inTurn();
      return inParallel(() => inTime((signal) => calls.read(command, signal, sent)));
    }),
    WEBSOCKET: webSocketSource(async (command) => {
      await inTurn();
      return inParallel(() => inTime((signal) => calls.v2.read(command, signal, sent)));
    }),
  };

  async function read(subject: Subject): Promise<void> {
    asked = undefined;
    await paceAllows(); // also before the account is identified, which may have just failed, and then fails at once
    const { account, accountId, identify } = accountRegion;
    if (account !== undefined && accountId === undefined) await inParallel(identify);
    if (subject.kind === 'apis') {
      const { protocol } = subject;
      const apis = await sources[protocol].apis();
      index.listed(protocol, apis, asked ?? moment());
    } else {
      const { api } = subject;
      const stages = await sources[api.protocol].stagesOf(api);
      index.read(api, stages, asked ?? moment());
    }
    pace.wentWell(elapsedMs());
    failing.delete(nameOf(subject));
  }

  const moment = (): Moment => ({ atMs: elapsedMs(), at: now() });

  function fail(subject: Subject, error: unknown): void {
    if (error instanceof NotFoundError && subject.kind === 'stages') {
      index.gone(subject.api);
      failing.delete(nameOf(subject));
      return;
    }
    const { code, aws } = error instanceof CertwayError ? error : { code: undefined, aws: undefined };
    if (code === undefined || BUSY.includes(code)) pace.slowDown(elapsedMs());
    if (code === 'THROTTLED') return; // so that it is the next again
    index.failed(subject, code === 'UPSTREAM_DENIED', moment());
    const name = nameOf(subject);
    if (failing.has(name)) return;
    failing.add(name);
    const reason = error instanceof Error ? error.message : String(error);
    log[isTold() ? 'debug' : 'warn']({ code, reason, aws }, `could not read ${name}`);
  }

  const pause = async (ms: number) => wait(Math.ceil(Math.min(ms, longestMs)), signal).catch(() => undefined);

  while (!signal.aborted) {
    if (!(await isTurn())) {
      await pause(longestMs);
      continue;
    }
    const plan = nextRead(index.entries(), elapsedMs());
    if ('dueInMs' in plan) await pause(plan.dueInMs);
    else
      await read(plan.subject).catch((error) => {
        if (!signal.aborted && !(error instanceof LostTurn)) fail(plan.subject, error);
      });
  }
}

/** Another replica reads on. */
class LostTurn extends Error {}

const nameOf = (subject: Subject): string =>
  subject.kind === 'apis'
    ? `the ${subject.protocol} APIs`
    : `the stages of the ${subject.api.protocol} API ${subject.api.apiId}`;

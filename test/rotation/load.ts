import { EventEmitter, once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { onTestFinished } from 'vitest';

/** What came of a request to a stage. */
export type Answer = {
  stage: string;
  /** 0 if there was no answer. */
  status: number;
  /** Of the client certificate that the backend has seen: the SHA-1, in hexadecimal digits. */
  fingerprint: string | undefined;
};

const REQUESTS_PER_SECOND = 50;

/** Two minutes of them. */
const MAX_REQUESTS = 120 * REQUESTS_PER_SECOND;

/** Half of what the emulator executes at once. Where the machine is slower than the rate, the next ones are sent later. */
const MAX_UNANSWERED = 16;

/**
 * Sends requests to the stages in turns, at a fixed rate, each on a connection of its own. It ends with the test at the latest.
 */
export function startLoad(stages: Record<string, string>) {
  const targets = Object.entries(stages);
  const sent: Promise<Answer>[] = [];
  const events = new EventEmitter();
  const ended = new AbortController();
  const startedAtMs = performance.now();
  let unanswered = 0;

  async function send([stage, url]: [string, string]): Promise<Answer> {
    unanswered += 1;
    const { status, fingerprint } = await ask(url).catch(() => ({ status: 0, fingerprint: undefined }));
    unanswered -= 1;
    return { stage, status, fingerprint };
  }

  const timer = setInterval(() => {
    const due = ((performance.now() - startedAtMs) * REQUESTS_PER_SECOND) / 1000;
    while (sent.length < Math.min(due, MAX_REQUESTS) && unanswered < MAX_UNANSWERED) {
      const target = targets[sent.length % targets.length];
      if (target) sent.push(send(target));
    }
    events.emit('sent');
    if (sent.length === MAX_REQUESTS) stop();
  }, 1000 / REQUESTS_PER_SECOND);

  function stop(): void {
    clearInterval(timer);
    ended.abort(new Error('The load is over.'));
  }
  onTestFinished(stop);

  return {
    /** The answers to the next requests, which begin from now on, once all earlier ones have ended, too. */
    next: async (count = REQUESTS_PER_SECOND): Promise<Answer[]> => {
      const from = sent.length;
      while (sent.length < from + count) await once(events, 'sent', { signal: ended.signal });
      return (await Promise.all(sent.slice(0, from + count))).slice(from);
    },
    /** All answers, once no request is left. */
    end: async (): Promise<Answer[]> => {
      stop();
      return Promise.all(sent);
    },
  };
}

async function ask(url: string): Promise<{ status: number; fingerprint: string | undefined }> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  get(url, { agent: false }, resolve).on('error', reject);
  const response = await promise;
  response.resume();
  await once(response, 'end');
  const { 'x-client-fingerprint': fingerprint } = response.headers;
  return { status: response.statusCode ?? 0, fingerprint: fingerprint?.toString() };
}

/** `{ prod: ['200 4f0c…'] }`: the different statuses of each stage with the certificates that the backend has seen. */
export function outcomes(answers: Answer[]): Record<string, string[]> {
  const sets = new Map<string, Set<string>>();
  for (const { stage, status, fingerprint } of answers)
    sets.set(stage, (sets.get(stage) ?? new Set()).add(`${status} ${fingerprint ?? 'no certificate'}`));
  return Object.fromEntries(Array.from(sets, ([stage, set]) => [stage, Array.from(set)]));
}

import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { UpstreamError } from '../../src/errors/errors.ts';
import { pollExpirations } from '../../src/observability/expiration-poller.ts';
import { loggerOptions } from '../../src/observability/log.ts';
import type { ClientCertificate } from '../../src/resources/client-certificates/client-certificate.ts';

const certificate = (clientCertificateId: string): ClientCertificate => ({
  id: clientCertificateId,
  clientCertificateId,
  arn: `arn:aws:apigateway:us-east-1::/clientcertificates/${clientCertificateId}`,
  accountId: null,
  account: null,
  region: 'us-east-1',
  description: null,
  createdDate: new Date(0),
  expirationDate: new Date(0),
  pemEncodedCertificate: '',
  tags: [],
});

/** Polls `answers`, one for each reading; the last one is used for all later ones. */
function startPolling(everyMs: number, ...answers: (string | Error)[]) {
  const ending = new AbortController();
  onTestFinished(() => ending.abort());
  const seen: string[] = [];
  const log: Record<string, unknown>[] = [];
  const failures: string[] = [];
  let readings = 0;
  const ended = pollExpirations({
    everyMs,
    signal: ending.signal,
    log: pino(loggerOptions('info'), { write: (line) => log.push(JSON.parse(line)) }),
    read: async () => {
      const answer = answers[Math.min(readings++, answers.length - 1)];
      if (typeof answer !== 'string') throw answer;
      return { certificates: [certificate(answer)], readAtMs: 0, isStale: false, areAllWhole: true };
    },
    onFailure: (code) => failures.push(code),
    onRead: ({ certificates }) => {
      for (const { clientCertificateId } of certificates) {
        if (clientCertificateId === 'unusable') throw new TypeError('cannot use it');
        seen.push(clientCertificateId);
      }
    },
  });
  return { ending, ended, failures, log, seen, readings: () => readings };
}

const HOUR_MS = 60 * 60 * 1000;

/** Until it is so, however slow the machine is. */
const until = async (check: () => void) => vi.waitFor(check, { timeout: 50_000, interval: 1 });

test('the certificates are read at once, and not again before it is time', async () => {
  const { readings, seen } = startPolling(HOUR_MS, 'a');
  await until(() => expect(seen).toEqual(['a']));
  for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(readings()).toBe(1);
});

test('they are read again and again', async () => {
  const { seen } = startPolling(1, 'a', 'b', 'c', 'd');
  await until(() => expect(seen.slice(0, 4)).toEqual(['a', 'b', 'c', 'd']));
});

test('after a failed reading the previous one stays, the log says so, and polling continues', async () => {
  const { log, seen } = startPolling(1, 'a', new Error('no answer'), new Error('still none'), 'b');
  await until(() => expect(seen.slice(0, 2)).toEqual(['a', 'b']));
  expect(log).toMatchObject([
    { level: 'warn', reason: 'no answer', msg: 'could not read the certificates for their metric' },
    { level: 'warn', reason: 'still none' },
  ]);
});

test('each failure is reported by the code of its error', async () => {
  const denied = new UpstreamError('UPSTREAM_DENIED', 'no');
  const { failures, seen } = startPolling(1, denied, 'unusable', new Error('no answer'), 'b');
  await until(() => expect(seen[0]).toBe('b'));
  expect(failures).toEqual(['UPSTREAM_DENIED', 'INTERNAL_SERVER_ERROR', 'INTERNAL_SERVER_ERROR']);
});

test('after a failure it reads again after a second, then after twice as long each time, up to the interval', async () => {
  const waits: number[] = [];
  const ending = new AbortController();
  const answers = ['a', '', '', '', '', 'b', '', 'c', 'd'];
  await pollExpirations({
    everyMs: 5000,
    signal: ending.signal,
    log: pino({ level: 'silent' }),
    read: async () => {
      if (answers.shift() === '') throw new Error('no answer');
      return { certificates: [], readAtMs: 0, isStale: false, areAllWhole: true };
    },
    onRead: () => undefined,
    onFailure: () => undefined,
    wait: async (ms) => {
      waits.push(ms);
      if (answers.length === 0) ending.abort();
    },
  });
  expect(waits).toEqual([5000, 1000, 2000, 4000, 5000, 5000, 1000, 5000, 5000]);
});

test('polling continues also if a reading cannot be used', async () => {
  const { log, seen } = startPolling(1, 'unusable', 'b');
  await until(() => expect(seen[0]).toBe('b'));
  expect(log).toMatchObject([{ level: 'warn', reason: 'cannot use it' }]);
});

test('the signal ends polling during a wait', async () => {
  const { ended, ending, log, readings, seen } = startPolling(HOUR_MS, 'a');
  await until(() => expect(seen).toEqual(['a']));
  ending.abort();
  await ended;
  expect(readings()).toBe(1);
  expect(log).toEqual([]);
});

test('the signal ends polling during a reading, without a log line', async () => {
  const ending = new AbortController();
  const log: string[] = [];
  const ended = pollExpirations({
    everyMs: 1,
    signal: ending.signal,
    log: pino(loggerOptions('info'), { write: (line) => log.push(line) }),
    read: async () =>
      new Promise((_, reject) => {
        ending.signal.addEventListener('abort', () => reject(new Error('given up')));
      }),
    onRead: () => undefined,
    onFailure: () => undefined,
  });
  ending.abort();
  await ended;
  expect(log).toEqual([]);
});

test('nothing is read if the signal was aborted before', async () => {
  let readings = 0;
  await pollExpirations({
    everyMs: 1,
    signal: AbortSignal.abort(),
    log: pino({ level: 'silent' }),
    read: async () => {
      readings++;
      return { certificates: [], readAtMs: 0, isStale: false, areAllWhole: true };
    },
    onRead: () => undefined,
    onFailure: () => undefined,
  });
  expect(readings).toBe(0);
});

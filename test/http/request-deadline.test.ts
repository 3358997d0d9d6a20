import { GetClientCertificatesCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, test, vi } from 'vitest';
import { AwsError } from '../../src/emulator/errors.ts';
import type { Fault } from '../../src/emulator/fault.ts';
import { oneKeyPair } from '../emulator/support.ts';
import { createServiceClock, turns } from '../support/clock.ts';
import { type RunningOptions, requestOf, runService, untilClosed } from '../support/running-service.ts';
import { examples, startService } from '../support/service.ts';

const LIST = '{ clientCertificates { nodes { id } } }';
const GENERATE = 'generateClientCertificate(input: {}) { __typename }';
const NO_ANSWER: Fault = { kind: 'no-answer' };
const FAILED: Fault = { kind: 'error', error: new AwsError(500, 'InternalFailure', 'oops') };

const THROTTLED: Fault = {
  kind: 'error',
  error: new AwsError(429, 'TooManyRequestsException', 'Too Many Requests'),
};

const TIMEOUT_MS = 2000;

/** An attempt of an AWS call has far more time than its operation, whose time only `pass` moves. */
const ENV = { REQUEST_TIMEOUT_MS: `${TIMEOUT_MS}`, UPSTREAM_REQUEST_TIMEOUT_MS: '3600000' };

async function start(...faults: (Fault | undefined)[]) {
  const { elapsedMs, later, pass } = createServiceClock();
  const service = await startService({ env: ENV, elapsedMs, clock: { later } });
  const { calls, fail, query } = service;
  fail(() => (faults.length > 1 ? faults.shift() : faults[0]));
  return {
    ...service,
    /** The answer to an operation whose time is over after so many calls. */
    timedOut: async (operation: string, attempts = 1) => {
      const answer = query(operation);
      await vi.waitFor(() => expect(calls).toHaveLength(attempts), { timeout: 50_000, interval: 5 });
      await turns(); // an answer that stalls has come as far as it will
      await pass(TIMEOUT_MS);
      return answer;
    },
  };
}

describe('an operation whose time is over', () => {
  const CASES: [what: string, faults: Fault[], attempts: number][] = [
    ['a call that is not answered', [NO_ANSWER], 1],
    ['a call that stalls half-way', [{ kind: 'stall' }], 1],
    ['a call that is too slow', [{ kind: 'slow', delayMs: 3_600_000 }], 1],
    ['the retry of a call', [FAILED, NO_ANSWER], 2],
  ];

  test(`gives up ${CASES.map(([what]) => what).join(', ')}`, async () => {
    await Promise.all(
      CASES.map(async ([what, faults, attempts]) => {
        const { calls, operations, timedOut } = await start(...faults);
        expect.soft(await timedOut(LIST, attempts), what).toMatchObject({
          errors: [
            {
              message: 'The operation timed out before AWS answered.',
              extensions: { code: 'UPSTREAM_TIMEOUT' },
            },
          ],
        });
        expect.soft(calls, what).toEqual(Array.from({ length: attempts }, () => 'GetClientCertificates'));
        expect.soft(operations, what).toMatchObject([{ awsCalls: attempts, errors: ['UPSTREAM_TIMEOUT'] }]);
      }),
    );
  });

  test('says after a generate that the certificate may exist', async () => {
    const { calls, client, fail, timedOut } = await start(NO_ANSWER);
    const { errors } = await timedOut(`mutation { ${GENERATE} }`);
    fail(() => undefined);
    expect(errors).toMatchObject([
      {
        message:
          'The operation timed out before AWS answered. The client certificate may exist anyway: ' +
          'look at the newest ones before you try again.',
        extensions: { code: 'UPSTREAM_TIMEOUT' },
      },
    ]);
    expect(calls).toEqual(['GenerateClientCertificate']);
    await vi.waitFor(
      async () => expect((await client.send(new GetClientCertificatesCommand())).items).toHaveLength(1),
      { timeout: 50_000 },
    );
  });

  test('does not say that of a generate that AWS has only throttled', async () => {
    const { elapsedMs, later, pass } = createServiceClock();
    const { query, fail, metrics } = await startService({
      env: ENV,
      elapsedMs,
      clock: { later },
      retryPauseMs: 10_000,
    });
    fail(() => THROTTLED);
    const answer = query(`mutation { ${GENERATE} }`);
    await vi.waitFor(async () => expect(await metrics.text()).toContain('outcome="THROTTLED"'), {
      timeout: 50_000,
    });
    await turns();
    await pass(TIMEOUT_MS);
    expect((await answer).errors).toMatchObject([
      { message: 'The operation timed out before AWS answered.' },
    ]);
  });

  test('begins no other call, because nobody would wait for its answer', async () => {
    const { calls, operations, timedOut } = await start(NO_ANSWER);
    const { errors } = await timedOut(`mutation { a: ${GENERATE} b: ${GENERATE} c: ${GENERATE} }`);
    expect(errors?.[0]?.message).toContain('may exist');
    expect(calls).toEqual(['GenerateClientCertificate']);
    expect(operations).toMatchObject([{ awsCalls: 1 }]);
  });

  test('does not affect others', async () => {
    const { query, timedOut } = await start(NO_ANSWER, undefined);
    expect((await timedOut(LIST)).errors).toHaveLength(1);
    expect(await query(LIST)).toEqual({ data: { clientCertificates: { nodes: [] } } });
  });
});

describe('a client that disconnects', () => {
  /** A running service whose expiration poller has finished its first reading; the next one is far away. */
  async function run(options: RunningOptions = {}) {
    const service = await runService(options);
    await vi.waitFor(() => expect(service.calls).toHaveLength(1), { timeout: 50_000 });
    service.calls.length = 0;
    return {
      ...service,
      arrived: async (count: number) =>
        vi.waitFor(() => expect(service.calls).toHaveLength(count), { timeout: 50_000 }),
      operation: async () =>
        vi.waitFor(
          () => {
            const [line] = service.operations;
            if (!line) throw new Error('The operation has not ended.');
            return line;
          },
          { timeout: 50_000 },
        ),
    };
  }

  test.for<[what: string, fault: Fault]>([
    ['before AWS answers', NO_ANSWER],
    ['while AWS sends its answer', { kind: 'stall' }],
  ])('ends its read: %s', async ([, fault]) => {
    const { arrived, calls, fail, operation, send } = await run();
    fail(() => fault);
    const socket = await send(requestOf(LIST));
    await arrived(1);
    socket.destroy();
    expect(await operation()).toMatchObject({ awsCalls: 1, errors: ['UPSTREAM_TIMEOUT'] });
    expect(calls).toHaveLength(1);
  });

  test('ends the retries of its read', async () => {
    const { arrived, calls, fail, operation, send } = await run();
    fail(() => (calls.length < 2 ? FAILED : NO_ANSWER));
    const socket = await send(requestOf(LIST));
    await arrived(2);
    socket.destroy();
    expect(await operation()).toMatchObject({ awsCalls: 2, errors: ['UPSTREAM_TIMEOUT'] });
    expect(calls).toHaveLength(2);
  });

  test('does not end its write, because nobody could tell whether it happened', async () => {
    const { promise: gone, resolve: go } = Promise.withResolvers<void>();
    const { arrived, operation, query, send } = await run({
      emulator: {
        generateKeyPair: async () => {
          await gone;
          return oneKeyPair;
        },
      },
    });
    const socket = await send(requestOf(`mutation { ${GENERATE} }`));
    await arrived(1);
    socket.destroy();
    await untilClosed(socket);
    go();
    const line = await operation();
    expect(line).toMatchObject({ awsCalls: 1 });
    expect(line).not.toHaveProperty('errors');
    expect(await query('{ clientCertificates { totalCount } }')).toEqual({
      data: { clientCertificates: { totalCount: 1 } },
    });
  });

  test('does not end the writes after that one', async () => {
    const { arrived, calls, fail, operation, send } = await run({
      emulator: { examples: examples(1) },
    });
    fail(() => (calls.length < 2 ? { kind: 'slow', delayMs: 200 } : undefined));
    const update = 'updateClientCertificate(input: { id: "c000", description: "new" }) { __typename }';
    const socket = await send(requestOf(`mutation { a: ${update} b: ${update} }`));
    await arrived(1);
    socket.destroy();
    expect(await operation()).toMatchObject({ awsCalls: 2 });
  });

  test('does not affect the requests of others', async () => {
    const { arrived, calls, fail, query, send } = await run();
    fail(() => (calls.length < 2 ? NO_ANSWER : undefined));
    const socket = await send(requestOf(LIST));
    await arrived(1);
    socket.destroy();
    expect(await query(LIST)).toEqual({ data: { clientCertificates: { nodes: [] } } });
  });
});

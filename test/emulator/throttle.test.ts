import { GenerateClientCertificateCommand, GetClientCertificatesCommand } from '@aws-sdk/client-api-gateway';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createThrottle } from '../../src/emulator/throttle.ts';
import { clientOf, emulate } from './support.ts';

/** An emulator with AWS's throttle and a clock that stands still until told. */
async function emulateThrottled() {
  let nowMs = Date.parse('2026-01-01T00:00:00Z');
  const emulator = await emulate({ requestsPerSecond: 10, burst: 40, now: () => new Date(nowMs) });
  return {
    ...emulator,
    pass: (ms: number) => {
      nowMs += ms;
    },
    /** How many of so many requests at once were answered, and how many refused. */
    ask: async (count: number, path = '/clientcertificates') => {
      const answers = await Promise.all(Array.from({ length: count }, () => emulator.http(path)));
      const refused = answers.filter(({ status }) => status === 429).length;
      return { answered: count - refused, refused };
    },
  };
}

test('40 requests at once are answered, the next is not', async () => {
  const { ask } = await emulateThrottled();
  expect(await ask(45)).toEqual({ answered: 40, refused: 5 });
});

test('then one more is answered each 100 ms', async () => {
  const { ask, pass } = await emulateThrottled();
  await ask(40);
  pass(99);
  expect(await ask(1)).toEqual({ answered: 0, refused: 1 });
  pass(1);
  expect(await ask(2)).toEqual({ answered: 1, refused: 1 });
  pass(1000);
  expect(await ask(12)).toEqual({ answered: 10, refused: 2 });
});

test('however long it was quiet, the burst is 40', async () => {
  const { ask, pass } = await emulateThrottled();
  pass(24 * 60 * 60 * 1000);
  expect(await ask(41)).toEqual({ answered: 40, refused: 1 });
});

test('all operations, failed ones and unknown routes share one budget', async () => {
  const { ask, http } = await emulateThrottled();
  await ask(10);
  await ask(10, '/clientcertificates/zzzzzz');
  await ask(10, '/tags/rubbish');
  await ask(9, '/nowhere');
  expect(await http('/clientcertificates', { method: 'POST', body: '{}' })).toMatchObject({ status: 201 });
  expect(await http('/clientcertificates', { method: 'POST', body: '{}' })).toMatchObject({ status: 429 });
});

test('API Gateway and API Gateway V2 share one budget', async () => {
  const { ask } = await emulateThrottled();
  await ask(20);
  await ask(10, '/v2/apis');
  expect(await ask(11, '/restapis')).toEqual({ answered: 10, refused: 1 });
});

test('GetResources is answered 5 times in 2 seconds, and CreateDeployment once in 5', async () => {
  const { ask, pass, http } = await emulateThrottled();
  expect(await ask(6, '/restapis/r1/resources')).toEqual({ answered: 5, refused: 1 });
  pass(2000);
  expect(await ask(6, '/restapis/r1/resources')).toEqual({ answered: 5, refused: 1 });
  const deploy = async () => (await http('/restapis/r1/deployments', { method: 'POST' })).status;
  expect([await deploy(), await deploy()]).toEqual([404, 429]);
  pass(4999);
  expect(await deploy()).toBe(429);
  pass(5000);
  expect(await deploy()).toBe(404);
});

test('requests without credentials cost nothing', async () => {
  const { ask, url } = await emulateThrottled();
  for (let i = 0; i < 10; i += 1) expect((await fetch(`${url}/clientcertificates`)).status).toBe(403);
  expect(await ask(41)).toEqual({ answered: 40, refused: 1 });
});

test('the answer is TooManyRequestsException, whose retryAfterSeconds is null and in no header', async () => {
  const { ask, http, client } = await emulateThrottled();
  await ask(40);
  const { status, headers, body } = await http('/clientcertificates');
  expect([status, headers.get('x-amzn-errortype')]).toEqual([429, 'TooManyRequestsException']);
  expect(body).toEqual({ message: 'Too Many Requests', retryAfterSeconds: null });
  expect(headers.has('retry-after')).toBe(false);
  await expect(client.send(new GetClientCertificatesCommand())).rejects.toMatchObject({
    name: 'TooManyRequestsException',
    $fault: 'client',
    retryAfterSeconds: null,
    $metadata: { httpStatusCode: 429, attempts: 1 },
  });
});

test('a refused generate makes nothing', async () => {
  const { ask, client, http, pass } = await emulateThrottled();
  await ask(40);
  await expect(client.send(new GenerateClientCertificateCommand())).rejects.toMatchObject({
    name: 'TooManyRequestsException',
  });
  pass(100);
  expect((await http('/clientcertificates')).body).toEqual({ item: [] });
});

test('the SDK tries again by itself', async () => {
  const { ask, pass, url } = await emulateThrottled();
  await ask(40);
  const client = clientOf(url, { maxAttempts: 3 });
  client.middlewareStack.add((next) => (args) => next(args).finally(() => pass(100)), {
    step: 'deserialize',
  });
  const { $metadata } = await client.send(new GetClientCertificatesCommand());
  expect($metadata).toMatchObject({ httpStatusCode: 200, attempts: 2 });
});

test('in no time do more pass than the burst and the refill of that time', () => {
  const elapsed = fc.array(fc.nat({ max: 500 }), { minLength: 1, maxLength: 200 });
  const property = fc.property(
    elapsed,
    fc.integer({ min: 1, max: 20 }),
    fc.integer({ min: 1, max: 50 }),
    (ms, rate, burst) => {
      const mayPass = createThrottle(rate, burst);
      let nowMs = 0;
      const passedAtMs = ms.flatMap((step) => {
        nowMs += step;
        return mayPass(nowMs) ? [nowMs] : [];
      });
      passedAtMs.forEach((fromMs, i) => {
        passedAtMs.slice(i).forEach((toMs, more) => {
          expect(more + 1).toBeLessThanOrEqual(burst + ((toMs - fromMs) / 1000) * rate + 1e-6);
        });
      });
      expect(passedAtMs.length).toBeGreaterThanOrEqual(Math.min(burst, ms.length));
    },
  );
  fc.assert(property);
});

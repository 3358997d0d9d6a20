import { setTimeout as wait } from 'node:timers/promises';
import { APIGatewayClient, GetClientCertificatesCommand } from '@aws-sdk/client-api-gateway';
import { expect, onTestFinished, test } from 'vitest';
import type { Fault } from '../../src/emulator/fault.ts';
import { emulate } from '../emulator/support.ts';
import { post, serveOn } from '../support/process.ts';
import { examples } from '../support/service.ts';
import { ATTACK_MS, ATTACKER, ask as askAt, type Body, codesOf, slowestOf } from './attack.ts';
import { measure } from './measure.ts';

/** The calls that the settings allow in that time: those of four seconds at once, then five per second. */
const MAX_CALLS = 20 + (5 * ATTACK_MS) / 1000;

/** The service as a process, on an emulator with AWS's limit of 10 calls per second, which counts them. */
async function start(
  fault: (operation: string) => Fault | undefined = () => undefined,
  env: Record<string, string> = {},
) {
  let calls = 0;
  let neighbour = false;
  const { url: endpoint } = await emulate({
    examples: examples(60),
    requestsPerSecond: 10,
    burst: 40,
    fault: (operation) => {
      if (!neighbour) calls += 1;
      return fault(operation);
    },
  });
  const service = await serveOn(endpoint, { LOG_LEVEL: 'error', ...env });
  const other = new APIGatewayClient({
    endpoint,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'other', secretAccessKey: 'other' },
  });
  onTestFinished(() => other.destroy());
  return {
    service,
    calls: () => calls,
    /** How many of 12 AWS calls of a neighbour are throttled during the attack. */
    throttledNeighbour: async () => {
      let throttled = 0;
      for (let i = 0; i < 12; i += 1) {
        await wait(ATTACK_MS / 13);
        neighbour = true;
        await other.send(new GetClientCertificatesCommand({ limit: 1 })).catch(() => {
          throttled += 1;
        });
        neighbour = false;
      }
      return throttled;
    },
  };
}

const forgedCursor = (i: number): string => {
  const cursor = ['ClientCertificate', '', Buffer.from(`id=Sx${i}`).toString('base64'), 1, null, [`x${i}`]];
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
};

const ATTACKS: Record<string, (i: number) => string> = {
  'random ids': (i) => `{ clientCertificate(id: "x${i}") { clientCertificateId } }`,
  'ids that exist': (i) => `{ clientCertificate(id: "c0${10 + (i % 50)}") { clientCertificateId } }`,
  'pages of all sizes': (i) =>
    `{ clientCertificates(first: ${1 + (i % 500)}) { nodes { clientCertificateId } } }`,
  '45 forged cursors an operation': (i) =>
    `{ ${Array.from({ length: 45 }, (_, n) => `a${n}: clientCertificates(first: 1, after: "${forgedCursor(45 * i + n)}") { nodes { clientCertificateId } }`).join(' ')} }`,
};

for (const [name, operation] of Object.entries(ATTACKS))
  for (const clients of [1, 40])
    test(`${clients} clients that request ${name} use only a part of the account's calls`, async () => {
      const { service, calls, throttledNeighbour } = await start();
      let asked = 0;
      const untilMs = performance.now() + ATTACK_MS;
      const ask = async () => {
        while (performance.now() < untilMs) {
          asked += 1;
          await (await post(service.url, operation(asked))).text();
        }
      };
      const neighbour = throttledNeighbour();
      await measure(`${name}, ${clients} clients`, service, () =>
        Promise.all(Array.from({ length: clients }, ask)),
      );
      const throttled = await neighbour;
      process.stdout.write(
        `  ${asked} operations: ${((1000 * calls()) / ATTACK_MS).toFixed(1)} AWS calls a second; ${throttled} of 12 of another AWS client throttled\n`,
      );
      expect(calls()).toBeLessThanOrEqual(MAX_CALLS);
      expect(throttled).toBe(0);
    });

for (const clients of [1, 40])
  test(`an AWS answer of 300 MB is not kept in memory, with ${clients} clients`, async () => {
    let isLong = false;
    const { service } = await start(
      () => (isLong ? { kind: 'padded', bytes: 300 * 1024 * 1024 } : undefined),
      { CACHE_STALE_MS: '0' }, // all wait until the answer is aborted
    );
    await wait(1500); // the first read is too old to be reused
    isLong = true;
    const answers: string[] = [];
    const { peakMiB } = await measure(`a body of 300 MB, ${clients} clients`, service, () =>
      Promise.all(
        Array.from({ length: clients }, async (_, i) => {
          const query = `{ clientCertificates(first: ${1 + i}, orderBy: { field: CREATED_DATE }) { nodes { clientCertificateId } } }`;
          answers.push(await (await post(service.url, query)).text());
        }),
      ),
    );
    process.stdout.write(`  ${answers[0]?.slice(0, 100)}\n`);
    expect(peakMiB).toBeLessThan(500);
  });

for (const clients of [1, 60])
  test(`${clients} that make changes one after the other do not block changes and reads of others`, async () => {
    const { service } = await start();
    const change = (description: string): Body => ({
      query:
        'mutation ($input: UpdateClientCertificateInput!) { updateClientCertificate(input: $input) { __typename } }',
      variables: { input: { id: 'c000', description } },
    });
    const read = (i: number): Body => ({
      query: `{ clientCertificates(first: ${1 + i}) { nodes { description } } }`,
    });
    const untilMs = performance.now() + 3 * ATTACK_MS;
    const isOver = () => performance.now() > untilMs;
    const attackers: string[] = [];
    const attack = async (_: unknown, n: number) => {
      for (let i = 0; !isOver(); i += 1) {
        const { code } = await askAt(service.url, change(`${n} ${i}`), ATTACKER);
        attackers.push(code);
        if (code !== 'ok') await wait(100);
      }
    };
    await measure(`changes in a loop, ${clients} clients`, service, async () => {
      const attacking = Array.from({ length: clients }, attack);
      const [changes, reads] = await Promise.all([
        slowestOf(service.url, (i) => change(`neighbour ${i}`), isOver),
        slowestOf(service.url, read, isOver),
        ...attacking,
      ]);
      process.stdout.write(
        `  attackers ${JSON.stringify(codesOf(attackers.map((code) => ({ code }))))}, another's changes ${JSON.stringify(changes)}, reads ${JSON.stringify(reads)}\n`,
      );
      expect(Object.keys(changes.codes)).toEqual(['ok']);
      expect(Object.keys(reads.codes)).toEqual(['ok']);
    });
  });

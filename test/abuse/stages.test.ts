import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { emulate } from '../emulator/support.ts';
import { serveOn } from '../support/process.ts';
import { examples, restApis } from '../support/service.ts';
import { ask, NEIGHBOUR } from './attack.ts';
import { measure } from './measure.ts';

const CHILD = new URL('stages-memory-child.ts', import.meta.url).pathname;

/** `STAGES_SECONDS=620 npm run test:abuse -- stages` goes on until all APIs are read. */
const SECONDS = Number(process.env['STAGES_SECONDS'] ?? 40);
const CLIENTS = 50;
const QUERY =
  'query ($id: ID!) { clientCertificate(id: $id) { status usage stages(first: 5) { totalCount } } }';
const MIB = 1024 * 1024;

/** 600 APIs with two stages each, as many as AWS allows; each stage has variables that nobody asks for. */
const APIS = restApis(600, (i) =>
  ['prod', 'test'].map((stageName) => ({
    stageName,
    clientCertificateId: `c0${10 + (i % 50)}`,
    variables: Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`v${n}`, 'x'.repeat(500)])),
  })),
);

test('1,200 stages take less than 5 MB of the heap, whatever variables they have', async () => {
  const { url } = await emulate({ examples: examples(60), restApis: APIS });
  const child = spawn(process.execPath, ['--expose-gc', CHILD, url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const { before, after, stages } = JSON.parse(await text(child.stdout));
  process.stdout.write(`1,200 stages: ${((after - before) / MIB).toFixed(1)} MiB\n`);
  expect(stages).toBe(1200);
  expect(after - before).toBeLessThan(5 * MIB);
});

test(
  'beside 50 busy clients and a writer, under the limit of AWS, the stages are read at their pace, and nobody is throttled',
  async () => {
    const calls = new Map<string, number>();
    const { url: endpoint, server } = await emulate({
      examples: examples(60),
      restApis: APIS,
      quota: 10_000,
      requestsPerSecond: 10,
      burst: 40,
      fault: (operation) => {
        calls.set(operation, (calls.get(operation) ?? 0) + 1);
        return undefined;
      },
    });
    let throttled = 0;
    server.prependListener('request', (_, response) => {
      response.once('finish', () => {
        if (response.statusCode === 429) throttled += 1;
      });
    });
    const service = await serveOn(endpoint, { LOG_LEVEL: 'error' });
    const startedAtMs = performance.now();
    const isOver = () => performance.now() - startedAtMs > SECONDS * 1000;
    const outcomes = new Map<string, number>();
    const count = (code: string) => outcomes.set(code, (outcomes.get(code) ?? 0) + 1);

    async function read(client: number): Promise<void> {
      for (let i = 0; !isOver(); i += 1) {
        const id = `c0${10 + ((client + i) % 50)}`;
        count((await ask(service.url, { query: QUERY, variables: { id } }, NEIGHBOUR)).code);
      }
    }
    async function write(): Promise<void> {
      for (let i = 0; !isOver(); i += 1) {
        const query = `mutation { updateClientCertificate(input: { id: "c000", description: "${i}" }) { __typename } }`;
        count((await ask(service.url, { query }, NEIGHBOUR)).code);
        await wait(1000);
      }
    }
    await measure(`${CLIENTS} clients beside the crawl`, service, async () =>
      Promise.all([write(), ...Array.from({ length: CLIENTS }, async (_, client) => read(client))]),
    );

    const { data } = await service.query('{ apiStages { index { apis apisRead complete oldestReadAt } } }');
    const of = (names: RegExp) =>
      [...calls].reduce((sum, [operation, number]) => sum + (names.test(operation) ? number : 0), 0);
    const [crawled, others] = [of(/^Get(RestApis|Stages|Apis)/), of(/ClientCertificate/)];
    process.stdout.write(
      `${SECONDS} s: ${JSON.stringify(data.apiStages.index)}, ${crawled} calls for stages, ${others} others, ` +
        `${throttled} throttled, answers ${JSON.stringify(Object.fromEntries(outcomes))}\n`,
    );
    expect(throttled).toBe(0);
    expect([...outcomes.keys()]).toEqual(['ok']);
    expect(crawled).toBeLessThanOrEqual(SECONDS + 10);
    expect(crawled).toBeGreaterThan(SECONDS / 4);
    expect(data.apiStages.index).toMatchObject({ apis: 600 });
  },
  (SECONDS + 60) * 1000,
);

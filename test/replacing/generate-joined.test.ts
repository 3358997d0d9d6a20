import { expect, test } from 'vitest';
import type { Fault } from '../../src/emulator/fault.ts';
import { turns } from '../support/clock.ts';
import { SHORT_CALLS } from '../support/service.ts';
import { until } from '../support/sharing.ts';
import { GENERATE, GENERATED, LIST, startGenerating } from './generate.ts';

const KEY = { idempotencyKey: 'joined' };

const update = (i: number) =>
  `u${i}: updateClientCertificate(input: { id: "c000", description: "${i}" }) { __typename }`;

/** Makes so many calls before it generates. */
const generateAfter = (calls: number) => `mutation ($input: GenerateClientCertificateInput!) {
  ${Array.from({ length: calls }, (_, i) => update(i)).join(' ')}
  result: generateClientCertificate(input: $input) { ${GENERATED} }
}`;

/**
 * An operation with so many calls left, of the three that a generate takes, and others that join it while AWS does not answer
 * `operation`.
 */
async function startJoining(callsLeft: number, operation: string, joiners: number) {
  const service = await startGenerating({ env: { MAX_UPSTREAM_CALLS_PER_OPERATION: '3' } });
  const { query, generate, fail, calls } = service;
  const { promise, resolve: answer } = Promise.withResolvers<void>();
  const held: Fault = { kind: 'held', until: promise };
  fail((name) => (name === operation ? held : undefined));
  const first = query(generateAfter(3 - callsLeft), { input: KEY });
  await until(() => expect(calls).toContain(operation));
  const others = Array.from({ length: joiners }, () => generate(KEY));
  await turns();
  return { ...service, first, others: Promise.all(others), answer };
}

test('an operation with calls left goes on where the one that it has joined has none', async () => {
  const { first, others, answer, made } = await startJoining(2, GENERATE, 2);
  answer();
  expect((await first).errors).toMatchObject([{ extensions: { code: 'TOO_MANY_UPSTREAM_CALLS' } }]);
  const [certificate, ...more] = await made();
  expect(more).toEqual([]);
  for (const { data } of await others)
    expect(data.result).toMatchObject({
      generated: false,
      clientCertificate: { clientCertificateId: certificate?.clientCertificateId },
    });
});

test('where it could not even generate, one of those that have joined it does', async () => {
  const { fail, first, others, answer, made, calls } = await startJoining(1, LIST, 3);
  fail(() => undefined);
  answer();
  expect((await first).errors).toMatchObject([{ extensions: { code: 'TOO_MANY_UPSTREAM_CALLS' } }]);
  for (const { data } of await others) expect(data.result).toMatchObject({ clientCertificate: {} });
  expect(calls.filter((call) => call === GENERATE)).toHaveLength(1);
  expect(await made()).toHaveLength(1);
});

test('whoever has joined one whose input is wrong is told of no input but their own', async () => {
  const { generate, made } = await startGenerating();
  const [first, second] = await Promise.all([generate({ ...KEY, replaces: 'gone' }), generate(KEY)]);
  expect(first.data.result.issues).toMatchObject([{ path: ['input', 'replaces'] }]);
  expect(second.data.result).toMatchObject({ generated: true });
  expect(await made()).toHaveLength(1);
});

test('while AWS may still be generating, nobody who has joined generates', async () => {
  const { generate, callsOf, fail } = await startGenerating({ env: SHORT_CALLS });
  fail((operation) => (operation === GENERATE ? { kind: 'lost' } : undefined));
  const calls = await callsOf(async () => {
    for (const { errors } of await Promise.all([generate(KEY), generate(KEY)]))
      expect(errors?.[0]?.message).toContain('the same request again finds it');
  });
  expect(calls).toEqual([LIST, GENERATE, LIST]);
});

import {
  GenerateClientCertificateCommand,
  GetClientCertificatesCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { AwsError } from '../../src/emulator/errors.ts';
import { brokenItem, type Fault, html502, isoDates } from '../../src/emulator/fault.ts';
import { turns } from '../support/clock.ts';
import { AUTHORIZATION, emulate, http, walk } from './support.ts';

/** Sends a request, and gives it up once the emulator has had time to answer it, and has answered another one. */
async function giveUp<R>(url: string, send: (signal: AbortSignal) => Promise<R>): Promise<R> {
  const gone = new AbortController();
  const answer = send(gone.signal);
  answer.catch(() => undefined); // the caller awaits it
  await turns();
  await http(`${url}/clientcertificates/none`);
  gone.abort();
  return answer;
}

const GIVEN_UP = { name: 'AbortError' };

/** An emulator with three certificates where this goes wrong with the operation, until `heal`. */
async function emulateBroken(fault: Fault, operation: string, description = 'x') {
  let broken = true;
  const emulator = await emulate({
    examples: ['a', 'b', 'c'].map((id) => ({
      id,
      description,
      createdDate: new Date('2026-01-01T00:00:00Z'),
    })),
    fault: (name) => (broken && name === operation ? fault : undefined),
  });
  return {
    ...emulator,
    heal: () => {
      broken = false;
    },
  };
}

const LIST = 'GetClientCertificates';
const GENERATE = 'GenerateClientCertificate';
const list = () => new GetClientCertificatesCommand();
const generate = () => new GenerateClientCertificateCommand();

test('an error comes in the place of the operation, and of that operation only', async () => {
  const error = new AwsError(503, 'ServiceUnavailableException', 'Come back later');
  const { client } = await emulateBroken({ kind: 'error', error }, GENERATE);
  await expect(client.send(generate())).rejects.toMatchObject({
    name: 'ServiceUnavailableException',
    message: 'Come back later',
    $fault: 'server',
    $metadata: { httpStatusCode: 503, requestId: expect.any(String) },
  });
  expect(await walk(client, 2)).toEqual(['a', 'b', 'c']);
});

test('a throttle is an error like any, with its retryAfterSeconds', async () => {
  const error = new AwsError(429, 'TooManyRequestsException', 'Too Many Requests');
  const { client } = await emulateBroken({ kind: 'error', error }, LIST);
  const name = 'TooManyRequestsException';
  await expect(client.send(list())).rejects.toMatchObject({ name, retryAfterSeconds: null });
});

test('a page of a load balancer is no JSON, and knows nothing of AWS', async () => {
  const { client, url } = await emulateBroken(html502, LIST);
  const response = await fetch(`${url}/clientcertificates`, { headers: { authorization: AUTHORIZATION } });
  expect(response.status).toBe(502);
  expect(response.headers.get('content-type')).toBe('text/html');
  expect([...response.headers.keys()].filter((name) => name.startsWith('x-am'))).toEqual([]);
  expect(await response.text()).toContain('502 Bad Gateway');
  await expect(client.send(list())).rejects.toMatchObject({
    name: 'SyntaxError',
    $metadata: { httpStatusCode: 502 },
  });
});

test('without an answer, a certificate has been made all the same', async () => {
  const { url, client } = await emulateBroken({ kind: 'no-answer' }, GENERATE);
  await expect(giveUp(url, (abortSignal) => client.send(generate(), { abortSignal }))).rejects.toMatchObject(
    GIVEN_UP,
  );
  expect(await walk(client, 500)).toHaveLength(4);
});

test('a lost answer to a delete deletes', async () => {
  for (const kind of ['no-answer', 'stall', 'cut-off'] as const) {
    const { url, client } = await emulateBroken({ kind }, 'DeleteClientCertificate');
    const headers = { authorization: AUTHORIZATION };
    await expect(
      giveUp(url, (signal) => fetch(`${url}/clientcertificates/b`, { method: 'DELETE', headers, signal })),
    ).rejects.toThrow();
    expect(await walk(client, 500)).toEqual(['a', 'c']);
  }
});

const bodies = [
  ['ASCII', 'x'],
  ['long letters', '漢'.repeat(1000)],
] as const;

test.each(bodies)('a stalled answer of %s has begun, and does not end', async (_, description) => {
  const { url } = await emulateBroken({ kind: 'stall' }, LIST, description);
  const gone = new AbortController();
  const response = await fetch(`${url}/clientcertificates`, {
    headers: { authorization: AUTHORIZATION },
    signal: gone.signal,
  });
  expect(response.status).toBe(200);
  await expect(
    giveUp(url, (signal) => {
      signal.addEventListener('abort', () => gone.abort());
      return response.text();
    }),
  ).rejects.toMatchObject(GIVEN_UP);
});

test.each(bodies)('an answer of %s that is cut off has begun, and ends too early', async (_, description) => {
  const { url, client } = await emulateBroken({ kind: 'cut-off' }, LIST, description);
  const response = await fetch(`${url}/clientcertificates`, { headers: { authorization: AUTHORIZATION } });
  expect(response.status).toBe(200);
  await expect(response.text()).rejects.toThrow('terminated');
  await expect(client.send(list())).rejects.toThrow('aborted');
});

test('a slow answer is the answer, later', async () => {
  const { client, heal } = await emulateBroken({ kind: 'slow', delayMs: 20 }, LIST);
  const { $metadata, ...slow } = await client.send(list());
  heal();
  const { $metadata: _, ...quick } = await client.send(list());
  expect(slow).toEqual(quick);
});

test('a slow answer is too late for who does not wait, and a quick one is not', async () => {
  const { client, heal, url } = await emulateBroken({ kind: 'slow', delayMs: 60_000 }, LIST);
  const impatient = () => giveUp(url, (abortSignal) => client.send(list(), { abortSignal }));
  await expect(impatient()).rejects.toMatchObject(GIVEN_UP);
  heal();
  expect(await impatient()).toMatchObject({ items: { length: 3 } });
});

test('a broken item is the first of the list, without its members', async () => {
  const { client } = await emulateBroken(brokenItem, LIST);
  const { items = [] } = await client.send(list());
  expect(items).toEqual([
    {},
    expect.objectContaining({ clientCertificateId: 'b' }),
    expect.objectContaining({ clientCertificateId: 'c' }),
  ]);
});

test('an empty list has no item to break', async () => {
  const { http } = await emulate({ fault: () => brokenItem });
  expect((await http('/clientcertificates')).body).toEqual({ item: [] });
});

test('dates in ISO form are more than the SDK can read', async () => {
  const { client, http } = await emulateBroken(isoDates, LIST);
  const [first] = (await http('/clientcertificates')).body.item;
  expect(first).toMatchObject({
    createdDate: '2026-01-01T00:00:00.000Z',
    expirationDate: '2027-01-01T00:00:00.000Z',
  });
  await expect(client.send(list())).rejects.toThrow('Deserialization error');
});

test('a tag whose key looks like a date is left alone', async () => {
  const tags = { endDate: 'never' };
  const { http } = await emulate({
    examples: [{ id: 'a', tags, createdDate: new Date() }],
    fault: () => isoDates,
  });
  expect((await http('/clientcertificates/a')).body.tags).toEqual(tags);
});

test('any change can be made to a body', async () => {
  const loop: Fault = { kind: 'change', change: (body) => ({ ...body, position: 'aWQ9U2E=' }) };
  const { http } = await emulateBroken(loop, LIST);
  expect((await http('/clientcertificates')).body).toMatchObject({
    item: { length: 3 },
    position: 'aWQ9U2E=',
  });
});

test('a fault can happen once', async () => {
  const faults = [html502, undefined];
  const { http } = await emulate({ fault: () => faults.shift() });
  await expect(http('/clientcertificates')).rejects.toThrow('not valid JSON');
  expect(await http('/clientcertificates')).toMatchObject({ status: 200 });
});

test('a lost request is never answered, and changes nothing', async () => {
  const { url, client } = await emulateBroken({ kind: 'lost' }, GENERATE);
  await expect(giveUp(url, (abortSignal) => client.send(generate(), { abortSignal }))).rejects.toMatchObject(
    GIVEN_UP,
  );
  expect(await walk(client, 500)).toHaveLength(3);
});

test('a fault can be that of one API', async () => {
  const denied = new AwsError(403, 'AccessDeniedException', 'User is not authorized');
  const { http } = await emulate({
    restApis: [{ id: 'r1' }, { id: 'r2' }],
    fault: (operation, { restApiId }) =>
      operation === 'GetStages' && restApiId === 'r2' ? { kind: 'error', error: denied } : undefined,
  });
  expect(await http('/restapis/r1/stages')).toMatchObject({ status: 200 });
  expect(await http('/restapis/r2/stages')).toMatchObject({ status: 403 });
  expect(await http('/restapis/r2')).toMatchObject({ status: 200 });
});

test('a change of a stage can happen without an answer, or not happen', async () => {
  for (const kind of ['no-answer', 'lost'] as const) {
    const { client, http, url } = await emulate({
      restApis: [{ id: 'r1', stages: [{ stageName: 'prod' }] }],
      fault: (operation) => (operation === 'UpdateStage' ? { kind } : undefined),
    });
    const patchOperations = [{ op: 'replace' as const, path: '/description', value: 'after' }];
    const update = new UpdateStageCommand({ restApiId: 'r1', stageName: 'prod', patchOperations });
    await expect(giveUp(url, (abortSignal) => client.send(update, { abortSignal }))).rejects.toMatchObject(
      GIVEN_UP,
    );
    const { body } = await http('/restapis/r1/stages/prod');
    expect(body.description).toBe(kind === 'lost' ? undefined : 'after');
  }
});

test('an answer that cannot be sent costs its connection, and the next request is answered', async () => {
  const error = new AwsError(503, 'no header\n', 'x');
  const { url, client } = await emulateBroken({ kind: 'error', error }, GENERATE);
  const init = { method: 'POST', headers: { authorization: AUTHORIZATION } };
  await expect(fetch(`${url}/clientcertificates`, init)).rejects.toThrow('fetch failed');
  expect(await walk(client, 2)).toEqual(['a', 'b', 'c']);
});

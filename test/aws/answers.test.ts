import { expect, test } from 'vitest';
import { AwsError } from '../../src/emulator/errors.ts';
import { conflict, type Fault } from '../../src/emulator/fault.ts';
import { examples, startService } from '../support/service.ts';
import { COUNT, failed, lookup, page, startSharing, update } from '../support/sharing.ts';

const body = (text: string, status = 200): Fault => ({
  kind: 'raw',
  status,
  contentType: 'application/json',
  body: text,
});

const start = () => startService({ emulator: { examples: examples(2) } });

const NODES = '{ clientCertificates { nodes { clientCertificateId description tags { key value } } } }';

test.for<[what: string, fault: Fault]>([
  ['nothing', body('')],
  ['a 204', body('', 204)],
  ['a text', body('"x"')],
  ['a number', body('5')],
  ['null', body('null')],
  ['a list in the place of an object', body('[]')],
  ['an object with other members', body('{"items":[]}')],
  ['an error with 200', body('{"message":"oops"}')],
  ['null in the place of the list', body('{"item":null}')],
  ['an object in the place of the list', body('{"item":{}}')],
  ['a text in the place of the list', body('{"item":"x"}')],
  ['a number for a position', body('{"item":[],"position":5}')],
  ['an object for a position', body('{"item":[],"position":{}}')],
])('%s from AWS is not read as an empty list', async ([, fault]) => {
  const { fail, query } = await start();
  fail(() => fault);
  for (const text of [COUNT, page(5)])
    expect(await query(text)).toMatchObject({
      data: null,
      errors: [{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }],
    });
});

test.for<[text: string]>([['{"item":[]}'], ['{}'], [' { }\n']])(
  '%j from AWS is an empty list',
  async ([text]) => {
    const { fail, query } = await start();
    fail(() => body(text));
    expect(await query(COUNT)).toEqual({ data: { clientCertificates: { totalCount: 0 } } });
    expect(await query(page(5))).toMatchObject({ data: { clientCertificates: { nodes: [] } } });
  },
);

const broken = (members: object): Fault => ({
  kind: 'change',
  change: ({ item, ...rest }) =>
    Array.isArray(item)
      ? { ...rest, item: item.map((whole, i) => (i === 0 ? { ...whole, ...members } : whole)) }
      : { ...rest, ...members },
});

test.for<[members: object]>([
  [{ tags: { team: null } }],
  [{ tags: { team: {} } }],
  [{ tags: { team: 5 } }],
  [{ tags: [] }],
  [{ tags: 'x' }],
  [{ description: {} }],
  [{ description: 5 }],
  [{ clientCertificateId: {} }],
  [{ clientCertificateId: 5 }],
  [{ pemEncodedCertificate: {} }],
  [{ pemEncodedCertificate: [] }],
])('a certificate with %j is broken, and the others are not', async ([members]) => {
  const { fail, query } = await start();
  fail(() => broken(members));
  const { data, errors } = await query(NODES);
  expect([errors, data]).toMatchObject([
    [{ path: ['clientCertificates', 'nodes', 0], extensions: { code: 'UPSTREAM_UNAVAILABLE' } }],
    { clientCertificates: { nodes: [null, { clientCertificateId: 'c001' }] } },
  ]);
  expect((await query(lookup('c000'))).errors).toMatchObject([
    { extensions: { code: 'UPSTREAM_UNAVAILABLE' } },
  ]);
});

test.for([
  ['a list', 64, page(5)],
  ['one certificate', 2, lookup('c000')],
] as const)('%s that is larger than any AWS answer is aborted', async ([, mebibytes, text]) => {
  const { fail, query } = await start();
  fail(() => ({ kind: 'padded', bytes: mebibytes * 1024 * 1024 }));
  expect((await query(text)).errors).toMatchObject([
    { message: 'AWS sent an answer that cannot be read.', extensions: { code: 'UPSTREAM_UNAVAILABLE' } },
  ]);
});

test('a list with everything at the maximum size of AWS is read', async () => {
  const { fail, query } = await start();
  fail(() => ({ kind: 'padded', bytes: 41 * 1024 * 1024 }));
  expect((await query(page(5))).data.clientCertificates.nodes).toHaveLength(2);
});

test("AWS's message about a failed read appears only in the log", async () => {
  for (const [status, name] of [
    [400, 'BadRequestException'],
    [400, 'ValidationException'],
    [409, 'ConflictException'],
    [429, 'LimitExceededException'],
  ] as const)
    for (const text of [lookup('c000'), page(5), COUNT]) {
      const { fail, post, log } = await start();
      fail(() => ({ kind: 'error', error: new AwsError(status, name, 'SECRET of account 123456789012') }));
      const answer = await (await post({ query: text }, { 'x-request-id': 'r' })).text(); // a random id may have 1234
      expect.soft(answer, name).not.toMatch(/SECRET|1234/);
      expect.soft(JSON.parse(answer).errors, name).toHaveLength(1);
      expect.soft(log, name).toMatchObject([{ aws: { message: 'SECRET of account 123456789012' } }]);
    }
});

test('after a request that AWS refuses, other reads get no stale answer, because AWS is healthy', async () => {
  for (const status of [413, 414, 418, 431]) {
    const { calls, fail, pass, query } = await startSharing();
    await query(lookup('c000'));
    pass(1500);
    fail((operation) =>
      operation === 'GetClientCertificates'
        ? { kind: 'error', error: new AwsError(status, 'TooLongException', '') }
        : undefined,
    );
    expect((await query(page(1))).errors).toHaveLength(1);
    calls.length = 0;
    expect((await query(lookup('c000'))).extensions.stale).toBe(undefined);
    expect(calls).toEqual(['GetClientCertificate']);
  }
});

test('after a failure that is not about the request, other reads get stale answers', async () => {
  const { fail, pass, query } = await startSharing();
  await query(lookup('c000'));
  pass(1500);
  fail(() => failed);
  await query(page(1));
  expect((await query(lookup('c000'))).extensions.stale).toBeDefined();
});

test('on the emulator, a tag causes a ConflictError until it is removed', async () => {
  const { query } = await start();
  const tag = 'input: { id: "c000", tags: [{ key: "emulator:fault", value: "conflict" }] }';
  await query(`mutation { tagClientCertificate(${tag}) { __typename } }`);
  const remove =
    'mutation { deleteClientCertificate(input: { id: "c000", evenIfUsed: true }) { __typename } }';
  for (const text of [update('c000', 'new'), remove])
    expect(Object.values((await query(text)).data)).toEqual([{ __typename: 'ConflictError' }]);
  await query(
    'mutation { untagClientCertificate(input: { id: "c000", tagKeys: ["emulator:fault"] }) { __typename } }',
  );
  expect((await query(remove)).data.deleteClientCertificate.__typename).toBe(
    'DeleteClientCertificatePayload',
  );
});

test('a change that AWS refuses because of a concurrent change is a ConflictError', async () => {
  const { fail, query } = await start();
  fail(() => conflict);
  expect(await query(update('c000', 'new'))).toMatchObject({
    data: { updateClientCertificate: { __typename: 'ConflictError' } },
  });
});

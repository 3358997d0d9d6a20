import { UpdateClientCertificateCommand } from '@aws-sdk/client-api-gateway';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emulate } from './support.ts';

const emulateOne = async () => {
  const emulator = await emulate({
    examples: [{ id: 'a1b2c3', description: 'before', createdDate: new Date() }],
  });
  const patch = (patchOperations: unknown, id = 'a1b2c3') =>
    emulator.http(`/clientcertificates/${id}`, {
      method: 'PATCH',
      body: JSON.stringify({ patchOperations }),
    });
  const description = async (): Promise<unknown> =>
    (await emulator.http('/clientcertificates/a1b2c3')).body.description;
  return { ...emulator, patch, description };
};

const replace = { op: 'replace', path: '/description', value: 'after' };
const enumeration = 'Member must satisfy enum value set: [add, remove, move, test, replace, copy]';

const refusals: [string, unknown[], string][] = [
  [
    'another path',
    [{ ...replace, path: '/invalid' }],
    "Invalid patch path  '/invalid' specified for op 'replace'. Must be one of: [/description]",
  ],
  [
    'an empty path',
    [{ ...replace, path: '' }],
    "Invalid patch path  '' specified for op 'replace'. Must be one of: [/description]",
  ],
  [
    'a path below the description',
    [{ ...replace, path: '/description/0', op: 'add' }],
    "Invalid patch path  '/description/0' specified for op 'add'. Must be one of: [/description]",
  ],
  ...['add', 'remove', 'move', 'test', 'copy'].map((op): [string, unknown[], string] => [
    `the op ${op}`,
    [{ ...replace, op }],
    `Invalid patch path  '/description' specified for op '${op}'. Please choose supported operations`,
  ]),
  ['no path', [{ op: 'replace', value: 'after' }], 'Invalid patch path null'],
  ['no op', [{ path: '/description' }], 'Invalid patch operation specified. Must be one of: [replace]'],
  [
    'an op of null',
    [{ ...replace, op: null }],
    'Invalid patch operation specified. Must be one of: [replace]',
  ],
];

test.each(refusals)('a patch with %s is BadRequestException', async (_, patchOperations, message) => {
  const { patch, description } = await emulateOne();
  const { status, headers, body } = await patch(patchOperations);
  expect([status, headers.get('x-amzn-errortype')]).toEqual([400, 'BadRequestException']);
  expect(body).toEqual({ message });
  expect(await description()).toBe('before');
});

test('an op that is none is ValidationException, which counts from 1', async () => {
  const { patch, description } = await emulateOne();
  const { status, headers, body } = await patch([replace, { ...replace, op: 'wrong' }]);
  expect([status, headers.get('x-amzn-errortype')]).toEqual([400, 'ValidationException']);
  expect(body).toEqual({
    message:
      "1 validation error detected: Value 'wrong' at 'updateClientCertificateInput.patchOperations.2.member.op' " +
      `failed to satisfy constraint: ${enumeration}`,
  });
  expect(await description()).toBe('before');
});

test('all ops that are none are told at once', async () => {
  const { patch } = await emulateOne();
  const { body } = await patch([{ op: 'a', path: '/invalid' }, replace, { op: '', path: '/description' }]);
  expect(body).toEqual({
    message:
      "2 validation errors detected: Value 'a' at 'updateClientCertificateInput.patchOperations.1.member.op' " +
      `failed to satisfy constraint: ${enumeration}; ` +
      "Value '' at 'updateClientCertificateInput.patchOperations.3.member.op' " +
      `failed to satisfy constraint: ${enumeration}`,
  });
});

test('of many ops that are none, all are counted and a hundred are told', async () => {
  const { patch } = await emulateOne();
  const { body } = await patch(Array.from({ length: 5000 }, () => ({ op: 'a' })));
  expect(body.message).toMatch(/^5000 validation errors detected: Value 'a' /);
  expect(body.message.match(/; Value /g)).toHaveLength(99);
});

test('an op that is none is told before an id that nobody has, as all that the model forbids', async () => {
  const { patch } = await emulateOne();
  expect(await patch([{ ...replace, op: 'wrong' }], 'zzzzzz')).toMatchObject({ status: 400 });
  expect(await patch([{ ...replace, op: 'add' }], 'zzzzzz')).toMatchObject({ status: 404 });
});

test('one bad operation refuses all of them', async () => {
  const { patch, description } = await emulateOne();
  expect(await patch([replace, { ...replace, path: '/tags' }])).toMatchObject({ status: 400 });
  expect(await description()).toBe('before');
});

test('of several replacements the last one stays', async () => {
  const { patch, description } = await emulateOne();
  await patch([replace, { ...replace, value: 'last' }]);
  expect(await description()).toBe('last');
});

test.each([[{ op: 'replace', path: '/description' }], [{ ...replace, value: null }]])(
  'a replacement without a value takes the description away: %j',
  async (operation) => {
    const { patch, description } = await emulateOne();
    expect(await patch([operation])).toMatchObject({ status: 200 });
    expect(await description()).toBeUndefined();
  },
);

test.each([undefined, null, []])('the patch operations %j change nothing', async (none) => {
  const { patch, description } = await emulateOne();
  expect(await patch(none)).toMatchObject({ status: 200, body: { description: 'before' } });
  expect(await description()).toBe('before');
});

test('any description of up to 1024 characters is given back as it came', async () => {
  const { client, description } = await emulateOne();
  const text = fc.string({ unit: 'binary', maxLength: 1024 }).filter(({ length }) => length <= 1024);
  const property = fc.asyncProperty(text, async (value) => {
    const patchOperations = [{ op: 'replace' as const, path: '/description', value }];
    const update = new UpdateClientCertificateCommand({ clientCertificateId: 'a1b2c3', patchOperations });
    expect((await client.send(update)).description ?? '').toBe(value);
    expect((await description()) ?? '').toBe(value);
  });
  await fc.assert(property, { numRuns: 60, examples: [['a\0b'], [' '], ['x'.repeat(1024)]] });
});

test('a description of 1025 characters is BadRequestException', async () => {
  const { patch, http, description } = await emulateOne();
  const message = 'Invalid Client Certificate description specified. Must be up to 1024 characters';
  const long = 'x'.repeat(1025);
  expect(await patch([{ ...replace, value: long }])).toMatchObject({ status: 400, body: { message } });
  const generate = { method: 'POST', body: JSON.stringify({ description: long }) };
  expect(await http('/clientcertificates', generate)).toMatchObject({ status: 400, body: { message } });
  expect(await description()).toBe('before');
  expect((await http('/clientcertificates')).body.item).toHaveLength(1);
});

test('characters are code points: 1024 emoji are taken, and 1025 are not', async () => {
  const { patch, description } = await emulateOne();
  expect(await patch([{ ...replace, value: '💳'.repeat(1024) }])).toMatchObject({ status: 200 });
  expect(await description()).toBe('💳'.repeat(1024));
  expect(await patch([{ ...replace, value: '💳'.repeat(1025) }])).toMatchObject({ status: 400 });
});

test.for(['a\ud83db', '\udcb3', '\udcb3\ud83d'])(
  'half a surrogate pair in %j is BadRequestException',
  async (half) => {
    const { patch, http, description } = await emulateOne();
    const refused = {
      status: 400,
      body: {
        message:
          'Invalid Client Certificate description specified. Must be Unicode text without lone surrogates',
      },
    };
    expect(await patch([{ ...replace, value: half }])).toMatchObject(refused);
    const body = JSON.stringify({ description: half });
    expect(await http('/clientcertificates', { method: 'POST', body })).toMatchObject(refused);
    expect(await description()).toBe('before');
  },
);

import {
  GenerateClientCertificateCommand,
  GetTagsCommand,
  TagResourceCommand,
} from '@aws-sdk/client-api-gateway';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../support/runs.ts';
import { emulate } from './support.ts';

const resourceArn = 'arn:aws:apigateway:us-east-1::/clientcertificates/a1b2c3';

const emulateOne = async (tags = {}) => {
  const emulator = await emulate({
    quota: Number.MAX_SAFE_INTEGER,
    examples: [{ id: 'a1b2c3', tags, createdDate: new Date() }],
  });
  const { client } = emulator;
  return {
    ...emulator,
    tag: (added: Record<string, string>) => client.send(new TagResourceCommand({ resourceArn, tags: added })),
    read: async () => (await client.send(new GetTagsCommand({ resourceArn }))).tags,
  };
};

const numbered = (count: number, prefix = 'key') =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${prefix}${i}`, `${i}`]));

const character = fc.constantFrom(...'aZ09 .:+=@_/-', 'ü', 'ß', '漢', 'ё', '٣', '\u00a0', '𝒳');
const key = fc
  .string({ unit: character, minLength: 1, maxLength: 128 })
  .filter((text) => !text.toLowerCase().startsWith('aws:'));
const value = fc.string({ unit: character, maxLength: 256 });
const tags = fc.dictionary(key, value, { minKeys: 1, maxKeys: 25 });

test('any tags by the rules are stored as they came, by generate and by tag', async () => {
  const { client } = await emulateOne();
  const property = fc.asyncProperty(tags, tags, async (first, second) => {
    const made = await client.send(new GenerateClientCertificateCommand({ tags: first }));
    expect(made.tags).toEqual(first);
    const arnOfMade = `arn:aws:apigateway:us-east-1::/clientcertificates/${made.clientCertificateId}`;
    await client.send(new TagResourceCommand({ resourceArn: arnOfMade, tags: second }));
    const read = await client.send(new GetTagsCommand({ resourceArn: arnOfMade }));
    expect(read.tags).toEqual({ ...first, ...second });
  });
  await fc.assert(property, { numRuns: runs(60) });
});

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  '%s is a tag key like any',
  async (name) => {
    const { http, read } = await emulateOne({ kept: '1' });
    const answer = await http(`/tags/${encodeURIComponent(resourceArn)}`, {
      method: 'PUT',
      body: `{"tags":{${JSON.stringify(name)}:"2"}}`,
    });
    expect(answer.status).toBe(204);
    expect(Object.entries((await http(`/tags/${resourceArn}`)).body.tags)).toEqual([
      ['kept', '1'],
      [name, '2'],
    ]);
    expect(await read()).toMatchObject({ kept: '1' });
  },
);

const refused = fc.constantFrom(...'!"#$%&\'()*,;<>?[\\]^`{|}~\n\t\0', '€', '😀', '\u200b', '\u0301');
const withRefused = fc
  .tuple(fc.string({ unit: character, maxLength: 60 }), refused)
  .map(([text, bad]) => text + bad);

test('any key or value with another character is BadRequestException, and nothing is stored', async () => {
  const { tag, read } = await emulateOne({ kept: '1' });
  const property = fc.asyncProperty(withRefused, fc.boolean(), async (bad, inKey) => {
    const tagged = tag(inKey ? { good: 'x', [`k${bad}`]: 'x' } : { good: 'x', other: bad });
    await expect(tagged).rejects.toMatchObject({
      name: 'BadRequestException',
      message: inKey
        ? 'Invalid tag key. Tag keys must be 1 to 128 characters of the supported set'
        : 'Invalid tag value. Tag values must be up to 256 characters of the supported set',
    });
    expect(await read()).toEqual({ kept: '1' });
  });
  await fc.assert(property, { numRuns: runs(60) });
});

test.each(['aws:', 'aws:name', 'AWS:name', 'aWs:x'])('the key %j is reserved', async (reserved) => {
  const { client, tag, read } = await emulateOne();
  const error = {
    name: 'BadRequestException',
    message: "Invalid tag key. Tag keys cannot start with 'aws:' (case insensitive)",
  };
  await expect(tag({ [reserved]: 'x' })).rejects.toMatchObject(error);
  const generate = client.send(new GenerateClientCertificateCommand({ tags: { [reserved]: 'x' } }));
  await expect(generate).rejects.toMatchObject(error);
  expect(await read()).toEqual({});
});

test('keys that only look reserved are fine', async () => {
  const { tag, read } = await emulateOne();
  await tag({ aws: '1', 'aws/x': '1', 'my-aws:x': '1' });
  expect(await read()).toEqual({ aws: '1', 'aws/x': '1', 'my-aws:x': '1' });
});

test('lengths are of characters, not of bytes or code units', async () => {
  const { tag, read } = await emulateOne();
  const longest = { ['𝒳'.repeat(128)]: '漢'.repeat(256) };
  await tag(longest);
  expect(await read()).toEqual(longest);
  for (const tooLong of [{ ['k'.repeat(129)]: 'x' }, { k: 'x'.repeat(257) }, { '': 'x' }])
    await expect(tag(tooLong)).rejects.toMatchObject({ name: 'BadRequestException' });
  expect(await read()).toEqual(longest);
});

const tooMany = {
  name: 'LimitExceededException',
  message: 'Maximum number of tags for this resource is 50.',
  $metadata: { httpStatusCode: 429 },
};

test('50 tags are fine, 51 are LimitExceededException', async () => {
  const { client, read } = await emulateOne();
  const made = await client.send(new GenerateClientCertificateCommand({ tags: numbered(50) }));
  expect(made.tags).toEqual(numbered(50));
  const generate = client.send(new GenerateClientCertificateCommand({ tags: numbered(51) }));
  await expect(generate).rejects.toMatchObject(tooMany);
  expect(await read()).toEqual({});
});

test('the 50 count what was there before, and a key that is there counts once', async () => {
  const { tag, read } = await emulateOne(numbered(49));
  await expect(tag({ a: '1', b: '1' })).rejects.toMatchObject(tooMany);
  expect(await read()).toEqual(numbered(49));
  await tag({ a: '1', key0: 'overwritten' });
  expect(await read()).toEqual({ ...numbered(49), a: '1', key0: 'overwritten' });
});

test.each([undefined, null, {}])('tag with the tags %j is BadRequestException', async (none) => {
  const { http } = await emulateOne();
  const answer = await http(`/tags/${resourceArn}`, { method: 'PUT', body: JSON.stringify({ tags: none }) });
  expect(answer).toMatchObject({ status: 400, body: { message: 'Tags must be specified' } });
});

test('untag without keys is BadRequestException', async () => {
  const { http } = await emulateOne();
  const answer = await http(`/tags/${resourceArn}`, { method: 'DELETE' });
  expect(answer).toMatchObject({ status: 400, body: { message: 'Tag keys must be specified' } });
});

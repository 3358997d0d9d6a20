import { once } from 'node:events';
import { request } from 'node:http';
import { expect, test } from 'vitest';
import { AUTHORIZATION, emulate } from './support.ts';

const refusals: [string, string, string][] = [
  ['POST', '{', 'Request body is not valid JSON'],
  ['POST', 'description=x', 'Request body is not valid JSON'],
  ['POST', ' ', 'Request body is not valid JSON'],
  ['POST', '[]', 'Start of structure or map found where not expected'],
  ['POST', '"x"', 'Start of structure or map found where not expected'],
  ['POST', 'null', 'Start of structure or map found where not expected'],
  ['POST', '{"description":{}}', 'Start of structure or map found where not expected'],
  ['POST', '{"tags":["a"]}', 'Start of structure or map found where not expected'],
  ['POST', '{"tags":"a"}', 'Start of structure or map found where not expected'],
  ['POST', '{"tags":{"a":{}}}', 'Start of structure or map found where not expected'],
  ['POST', '{"description":true}', 'class java.lang.Boolean can not be converted to an String'],
  ['POST', '{"tags":{"a":false}}', 'class java.lang.Boolean can not be converted to an String'],
  [
    'POST',
    '{"description":5}',
    'class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to an String',
  ],
  ['PATCH', '{"patchOperations":{}}', 'Start of structure or map found where not expected'],
  ['PATCH', '{"patchOperations":["replace"]}', 'Start of structure or map found where not expected'],
  [
    'PATCH',
    '{"patchOperations":[{"op":"replace","path":"/description","value":true}]}',
    'class java.lang.Boolean can not be converted to an String',
  ],
];

test.each(refusals)('%s %s is SerializationException', async (method, body, message) => {
  const { http } = await emulate({ examples: [{ id: 'a1b2c3', description: 'x', createdDate: new Date() }] });
  const path = method === 'PATCH' ? '/clientcertificates/a1b2c3' : '/clientcertificates';
  const answer = await http(path, { method, body });
  expect([answer.status, answer.headers.get('x-amzn-errortype')]).toEqual([400, 'SerializationException']);
  expect(answer.body).toEqual({ message });
  expect((await http('/clientcertificates')).body.item).toEqual([
    expect.objectContaining({ description: 'x' }),
  ]);
});

test.each(['', '{}', '{"description":null,"tags":null}', '{"description":"","tags":{}}', '{"unknown":[1]}'])(
  'generate with the body %j makes a certificate without description and tags',
  async (body) => {
    const { http } = await emulate();
    const answer = await http('/clientcertificates', { method: 'POST', body });
    expect(answer.status).toBe(201);
    expect(answer.body).not.toHaveProperty('description');
    expect(answer.body).not.toHaveProperty('tags');
  },
);

test('the content type does not matter', async () => {
  const { http } = await emulate();
  const headers = { 'content-type': 'text/plain' };
  const answer = await http('/clientcertificates', { method: 'POST', headers, body: '{"description":"x"}' });
  expect(answer).toMatchObject({ status: 201, body: { description: 'x' } });
});

test('a body above 512 KiB is answered with 413, and the connection goes on', async () => {
  const { http } = await emulate();
  const post = (bytes: number) => http('/clientcertificates', { method: 'POST', body: '{}'.padStart(bytes) });
  for (const bytes of [512 * 1024 + 1, 30 * 1024 * 1024])
    expect(await post(bytes)).toMatchObject({ status: 413, body: { message: 'Request Too Long' } });
  expect((await http('/clientcertificates')).body).toEqual({ item: [] });
  expect(await post(512 * 1024)).toMatchObject({ status: 201 });
});

test('the largest description and tags are taken, however they are escaped', async () => {
  const { http } = await emulate();
  const text = (n: number) => '\\ud800\\udf80'.repeat(n); // U+10380, a letter of Ugaritic
  const tags = Array.from({ length: 50 }, (_, i) => `"${text(126)}${i + 10}":"${text(256)}"`);
  const body = `{"description":"${text(1024)}","tags":{${tags}}}`;
  expect(await http('/clientcertificates', { method: 'POST', body })).toMatchObject({
    status: 201,
    body: { description: '𐎀'.repeat(1024) },
  });
});

test('a client that goes away in the middle of its request hurts nobody', async () => {
  const { url, server, http } = await emulate();
  const headers = { authorization: AUTHORIZATION, 'content-length': 100 };
  const post = request(`${url}/clientcertificates`, { method: 'POST', headers });
  post.on('error', () => undefined).write('{"description":');
  const [received] = await once(server, 'request');
  const ended = once(received, 'end');
  post.destroy();
  await expect(ended).rejects.toThrow('aborted');
  expect((await http('/clientcertificates')).body).toEqual({ item: [] });
});

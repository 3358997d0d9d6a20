import {
  type APIGatewayClient,
  GetClientCertificateCommand,
  GetClientCertificatesCommand,
  GetTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { connect } from './support.ts';

/** A certificate with these tags, and what all readers say that its tags are. */
async function tagged(tags: Record<string, string>) {
  const { client, arn, generate } = await connect();
  const { clientCertificateId } = await generate({ tags });
  const resourceArn = await arn(clientCertificateId);
  return {
    client,
    resourceArn,
    read: () => readTags(client, clientCertificateId, resourceArn),
  };
}

async function readTags(client: APIGatewayClient, clientCertificateId: string, resourceArn: string) {
  const { tags = {} } = await client.send(new GetTagsCommand({ resourceArn }));
  const { tags: ofItself = {} } = await client.send(new GetClientCertificateCommand({ clientCertificateId }));
  const { items = [] } = await client.send(new GetClientCertificatesCommand({ limit: 500 }));
  const inList = items.find((item) => item.clientCertificateId === clientCertificateId);
  expect([ofItself, inList?.tags ?? {}]).toEqual([tags, tags]);
  return tags;
}

test('the tags of generate are read back, with their case', async () => {
  const tags = { team: 'payments', Team: 'Orders', empty: '' };
  const { read } = await tagged(tags);
  expect(await read()).toEqual(tags);
});

test('tag answers 204, adds, overwrites and keeps the others', async () => {
  const { client, resourceArn, read } = await tagged({ kept: '1', overwritten: '1' });
  const { $metadata } = await client.send(
    new TagResourceCommand({ resourceArn, tags: { overwritten: '2', added: '2' } }),
  );
  expect($metadata.httpStatusCode).toBe(204);
  expect(await read()).toEqual({ kept: '1', overwritten: '2', added: '2' });
});

test('untag answers 204, removes the keys that it names and knows no others', async () => {
  const { client, resourceArn, read } = await tagged({
    kept: '1',
    'first one': '1',
    second: '1',
    Second: '1',
  });
  const { $metadata } = await client.send(
    new UntagResourceCommand({ resourceArn, tagKeys: ['first one', 'second', 'never there'] }),
  );
  expect($metadata.httpStatusCode).toBe(204);
  expect(await read()).toEqual({ kept: '1', Second: '1' });
});

test('the last tag removed leaves no tags', async () => {
  const { client, resourceArn, read } = await tagged({ only: '1' });
  await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['only'] }));
  expect(await read()).toEqual({});
});

test('get tags answers 200, whatever position and limit are', async () => {
  const { client, resourceArn } = await tagged({ a: '1', b: '2' });
  const answer = await client.send(new GetTagsCommand({ resourceArn, limit: 1, position: 'YWJj' }));
  expect(answer).toMatchObject({ tags: { a: '1', b: '2' }, $metadata: { httpStatusCode: 200 } });
});

test('the ARN of a certificate that nobody has is NotFoundException', async () => {
  const { client, arn } = await connect();
  const resourceArn = await arn('zzzzzz');
  const answers = [
    () => client.send(new GetTagsCommand({ resourceArn })),
    () => client.send(new TagResourceCommand({ resourceArn, tags: { a: 'b' } })),
    () => client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a'] })),
  ];
  for (const answer of answers)
    await expect(answer()).rejects.toMatchObject({
      name: 'NotFoundException',
      $metadata: { httpStatusCode: 404 },
    });
});

test('a tag key that begins with aws: is BadRequestException, and nothing is stored', async () => {
  const { client, resourceArn, read } = await tagged({ kept: '1' });
  const tag = client.send(new TagResourceCommand({ resourceArn, tags: { added: '2', 'AWS:name': '2' } }));
  await expect(tag).rejects.toMatchObject({ name: 'BadRequestException' });
  expect(await read()).toEqual({ kept: '1' });
});

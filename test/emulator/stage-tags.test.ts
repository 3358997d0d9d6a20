import { GetTagsCommand, TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-api-gateway';
import * as v2 from '@aws-sdk/client-apigatewayv2';
import { expect, test } from 'vitest';
import { emulate, v2ClientOf } from './support.ts';

const emulateStages = () =>
  emulate({
    restApis: [{ id: 'r1', stages: [{ stageName: 'prod' }] }],
    apis: [{ apiId: 'w1', stages: [{ stageName: 'prod' }] }],
  });

const PREFIX = 'arn:aws:apigateway:us-east-1::';

test.each([`${PREFIX}/restapis/r1`, `${PREFIX}/restapis/r1/stages/prod`])(
  '%s can be tagged',
  async (resourceArn) => {
    const { client, http } = await emulateStages();
    await client.send(new TagResourceCommand({ resourceArn, tags: { team: 'x', owner: 'y' } }));
    await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['owner'] }));
    expect((await client.send(new GetTagsCommand({ resourceArn }))).tags).toEqual({ team: 'x' });
    const path = resourceArn.slice(PREFIX.length);
    expect((await http(path)).body).toMatchObject({ tags: { team: 'x' } });
    await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['team'] }));
    expect((await http(path)).body).not.toHaveProperty('tags');
  },
);

test.each([`${PREFIX}/apis/w1`, `${PREFIX}/apis/w1/stages/prod`])('%s can be tagged', async (ResourceArn) => {
  const { url, http } = await emulateStages();
  const client = v2ClientOf(url);
  const tagged = await client.send(
    new v2.TagResourceCommand({ ResourceArn, Tags: { team: 'x', owner: 'y' } }),
  );
  expect(tagged.$metadata.httpStatusCode).toBe(201);
  await client.send(new v2.UntagResourceCommand({ ResourceArn, TagKeys: ['owner'] }));
  expect((await client.send(new v2.GetTagsCommand({ ResourceArn }))).Tags).toEqual({ team: 'x' });
  expect((await http(`/v2${ResourceArn.slice(PREFIX.length)}`)).body).toMatchObject({ tags: { team: 'x' } });
});

test('the tags of an unknown stage are NotFoundException', async () => {
  const { client } = await emulateStages();
  const unknown = client.send(new GetTagsCommand({ resourceArn: `${PREFIX}/restapis/r1/stages/zz` }));
  await expect(unknown).rejects.toMatchObject({ name: 'NotFoundException' });
});

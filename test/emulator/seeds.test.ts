import { GetRestApisCommand, GetStagesCommand } from '@aws-sdk/client-api-gateway';
import { GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import { expect, test } from 'vitest';
import { restApis } from '../support/service.ts';
import { emulate, v2ClientOf } from './support.ts';

test('600 REST APIs with 1200 stages and a WebSocket API are there without a request', async () => {
  const operations: string[] = [];
  const { client, url } = await emulate({
    examples: [{ id: 'a', createdDate: new Date() }],
    restApis: restApis(600, () => [{ stageName: 'prod', clientCertificateId: 'a' }, { stageName: 'test' }]),
    apis: [{ apiId: 'w1', stages: [{ stageName: 'prod', clientCertificateId: 'zzzzzz' }] }],
    fault: (operation) => {
      operations.push(operation);
      return undefined;
    },
  });
  const page = await client.send(new GetRestApisCommand({ limit: 500 }));
  expect(page.items).toHaveLength(500);
  const rest = await client.send(new GetRestApisCommand({ limit: 500, position: page.position }));
  expect(rest.items).toHaveLength(100);
  expect(rest.position).toBeUndefined();
  const { item = [] } = await client.send(new GetStagesCommand({ restApiId: 'r599' }));
  expect(item.map(({ stageName, clientCertificateId }) => [stageName, clientCertificateId])).toEqual([
    ['prod', 'a'],
    ['test', undefined],
  ]);
  const { Items = [] } = await v2ClientOf(url).send(new GetApisCommand({}));
  expect(Items).toMatchObject([{ ApiId: 'w1', ProtocolType: 'WEBSOCKET' }]);
  expect(operations).toEqual(['GetRestApis', 'GetRestApis', 'GetStages', 'GetApis (v2)']);
});

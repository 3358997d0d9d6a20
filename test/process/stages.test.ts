import { expect, test } from 'vitest';
import { emulate } from '../emulator/support.ts';
import { serveOn } from '../support/process.ts';
import { examples, restApis } from '../support/service.ts';
import { until } from '../support/sharing.ts';

const EMULATOR = {
  examples: examples(1),
  restApis: restApis(1, () => [{ stageName: 'prod', clientCertificateId: 'c000' }]),
  apis: [{ apiId: 'w000', stages: [{ stageName: 'live', clientCertificateId: 'c000' }] }],
};
const STAGES = '{ apiStages { totalCount index { complete } } }';

test('the stages are read with no setting at all, by one endpoint for REST and WebSocket APIs', async () => {
  const { url } = await emulate(EMULATOR);
  const { query, stop } = await serveOn(url);
  await until(async () =>
    expect((await query(STAGES)).data).toEqual({ apiStages: { totalCount: 2, index: { complete: true } } }),
  );
  const { code, stderr } = await stop();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('an endpoint for WebSocket APIs alone is used for these alone', async () => {
  const [first, second] = [await emulate(EMULATOR), await emulate({ ...EMULATOR, apis: [] })];
  const { query } = await serveOn(first.url, { AWS_ENDPOINT_URL_APIGATEWAYV2: second.url });
  await until(async () =>
    expect((await query(STAGES)).data).toEqual({ apiStages: { totalCount: 1, index: { complete: true } } }),
  );
});

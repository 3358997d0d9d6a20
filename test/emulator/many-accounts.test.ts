import { GetRestApisCommand } from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { createAccountRegions } from '../../src/emulator/account-regions.ts';
import { createStores } from '../../src/emulator/store/store.ts';
import { clientOf, emulate, oneKeyPair, walk } from './support.ts';

const accountIdOf = (i: number) => String(100_000_000_000 + i);

test('120 accounts in 10 regions each have what is theirs', async () => {
  const all = Array.from({ length: 1200 }, (_, i) => ({
    accountId: accountIdOf(i % 120),
    region: `eu-west-${Math.floor(i / 120)}`,
    restApis: [{ id: `r${i}`, stages: [{ stageName: 'prod' }] }],
  }));
  const { url } = await emulate({ accountRegions: all });
  for (const i of [0, 1, 119, 120, 600, 1199]) {
    const { accountId = '', region = '' } = all[i] ?? {};
    const credentials = { accessKeyId: accountId, secretAccessKey: 'any' };
    const { items } = await clientOf(url, { region, credentials }).send(new GetRestApisCommand({}));
    expect(items).toMatchObject([{ id: `r${i}` }]);
  }
});

test('one key pair is made for what all of them have from the start', async () => {
  let keyPairs = 0;
  const examples = ['a', 'b'].map((id) => ({ id, createdDate: new Date() }));
  const { client } = await emulate({
    examples,
    accountRegions: ['eu-west-1', 'eu-west-2'].map((region) => ({
      accountId: accountIdOf(1),
      region,
      examples,
    })),
    generateKeyPair: () => {
      keyPairs += 1;
      return oneKeyPair;
    },
  });
  expect(await walk(client, 500)).toEqual(['a', 'b']);
  expect(keyPairs).toBe(1);
});

test('of the throttles, the least recently used is forgotten from 5,000 on', () => {
  const stores = createStores();
  const { mayPass } = createAccountRegions(
    stores,
    { requestsPerSecond: 1, burst: 1 },
    { quota: 1, now: () => new Date(), generateKeyPair: () => oneKeyPair, callBackend: () => expect.fail() },
  );
  const ask = (i: number) => mayPass({ accountId: accountIdOf(i), region: 'us-east-1' }, 'GetStages', 0);
  for (let i = 0; i < 5000; i += 1) expect(ask(i)).toBe(true);
  expect([ask(0), ask(1), ask(4999)]).toEqual([false, false, false]);
  expect(ask(5000)).toBe(true); // in the place of the third one
  expect([ask(0), ask(1), ask(3)]).toEqual([false, false, false]);
  expect(ask(2)).toBe(true);
  stores.close();
});

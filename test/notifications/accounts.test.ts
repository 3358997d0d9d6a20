import { expect, onTestFinished, test } from 'vitest';
import { DEV, PROD, REGIONS, startAccounts } from '../aws/accounts-support.ts';
import { denied, until } from '../support/sharing.ts';
import { startReceiver } from './receiver.ts';
import { DAY_MS, SECRET } from './support.ts';

test('all accounts and regions are told of, with their names, and one that is denied hides no other', async () => {
  const receiver = await startReceiver();
  const createdDate = new Date(Date.now() + (6 - 365) * DAY_MS);
  const { server, pass, fail } = await startAccounts({
    env: { NOTIFY_WEBHOOKS: `${receiver.url} format=cloudevents secret=${SECRET}` },
    emulator: {
      accountRegions: [PROD, DEV].flatMap((accountId) =>
        REGIONS.map((region) => ({ accountId, region, examples: [{ id: 'c1', createdDate }] })),
      ),
    },
  });
  fail(({ accountRegion: { accountId, region } }) =>
    accountId === DEV && region === 'us-east-1' ? denied : undefined,
  );
  const { stop } = await server.start();
  onTestFinished(stop);
  const events = () => receiver.bodies().flat();
  await until(async () => {
    await pass(1000);
    expect(events()).toHaveLength(5);
  });
  const told = events().map(({ data }) => `${data.account} ${data.accountId} ${data.region}`);
  const all = [`prod ${PROD}`, `dev ${DEV}`].flatMap((account) =>
    REGIONS.map((region) => `${account} ${region}`),
  );
  expect(told.toSorted()).toEqual(all.filter((place) => place !== `dev ${DEV} us-east-1`).toSorted());
  expect(new Set(events().map(({ id }) => id)).size).toBe(5);
});

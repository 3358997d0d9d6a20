import { expect, test } from 'vitest';
import { PLACES, PROD_EU, PROD_US, STAGING_EU, startEverywhere, turns } from './support.ts';

const held = { kind: 'held', until: new Promise(() => undefined) } as const;

const ORDERED = `{
  clientCertificates(first: 5, orderBy: { field: EXPIRATION_DATE, direction: ASC }) { edges { node { arn } } }
}`;

test('once its time is over, an operation that waits for its turn is answered, and asks AWS no more', async () => {
  const service = await startEverywhere({ env: { REQUEST_TIMEOUT_MS: '1000', MAX_PARALLEL_READS: '1' } });
  service.failIn(() => held);
  const answer = service.query(ORDERED);
  await service.arrived(PROD_EU);
  await service.pass(500); // a slow read gives its turn to the next one, and the others wait until one of both ends
  await service.arrived(STAGING_EU);
  await service.pass(500);
  expect((await answer).errors).toMatchObject([{ extensions: { code: 'UPSTREAM_TIMEOUT' } }]);
  await turns();
  expect(service.counts()).toEqual({ [PROD_EU]: 1, [STAGING_EU]: 1 });
});

test('once its time is over, a plain page goes on with no other account and region', async () => {
  const service = await startEverywhere({
    seeds: Object.fromEntries(PLACES.map((place) => [place, 1])),
    env: { REQUEST_TIMEOUT_MS: '1000' },
  });
  service.failIn({ [PROD_US]: held });
  const answer = service.query('{ clientCertificates(first: 5) { nodes { arn } unavailable { region } } }');
  await service.arrived(PROD_US);
  await service.pass(1000);
  const { data, errors } = await answer;
  expect({ errors, nodes: data?.clientCertificates.nodes.length }).toEqual({ errors: undefined, nodes: 1 });
  expect(service.counts()).toEqual({ [PROD_EU]: 1, [PROD_US]: 1 });
});

test('one that hangs hides no other, however short the time of an operation is', async () => {
  const service = await startEverywhere({
    seeds: Object.fromEntries(PLACES.map((place) => [place, 1])),
    env: { REQUEST_TIMEOUT_MS: '1200' },
  });
  service.failIn({ [PROD_EU]: held });
  const answer = service.query('{ clientCertificates(first: 3) { nodes { arn } unavailable { region } } }');
  await service.arrived(PROD_EU);
  await service.pass(600); // half of the time
  expect((await answer).data.clientCertificates).toMatchObject({
    nodes: [{}, {}, {}],
    unavailable: [{ region: 'eu-central-1' }],
  });
});

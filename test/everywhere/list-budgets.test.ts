import { describe, expect, test } from 'vitest';
import {
  globalIdIn,
  idsIn,
  PLACES,
  PROD_EU,
  PROD_US,
  STAGING_EU,
  STAGING_US,
  startEverywhere,
  turns,
} from './support.ts';

const SEEDS = { [PROD_EU]: 3, [PROD_US]: 2, [STAGING_EU]: 2, [STAGING_US]: 2 };
const ALL = PLACES.flatMap((place) => idsIn(place, SEEDS[place]));

const ORDERED = 'orderBy: { field: CREATED_DATE, direction: DESC }';

const page = (args: string): string => `{ clientCertificates(${args}) {
  nodes { clientCertificateId } unavailable { account region unavailable { code message } }
} }`;

type Node = { clientCertificateId: string };
const idsOf = ({ nodes }: { nodes: Node[] }): string[] =>
  nodes.map(({ clientCertificateId }) => clientCertificateId).toSorted();

describe('UPSTREAM_CALLS_PER_SECOND', () => {
  const PER_SECOND = 1;
  const BURST = 4 * PER_SECOND;

  async function startBusy() {
    const service = await startEverywhere({
      seeds: SEEDS,
      env: { UPSTREAM_CALLS_PER_SECOND: `${PER_SECOND}` },
    });
    const lookup = `{ clientCertificate(id: "${globalIdIn(PROD_EU, 'a000')}") { id } }`;
    for (let i = 0; i < BURST; i += 1) await service.query(lookup);
    return { ...service, lookup };
  }

  test('is that of each: where one is used up, the others answer', async () => {
    const { query, countsOf } = await startBusy();
    const counts = await countsOf(async () => {
      const { data } = await query(page(`${ORDERED}, filter: { accounts: ["staging"] }`));
      expect(idsOf(data.clientCertificates)).toEqual(ALL.filter((id) => /^[cd]/.test(id)));
      const { data: plain } = await query(page('first: 2, filter: { regions: ["us-east-1"] }'));
      expect(idsOf(plain.clientCertificates)).toEqual(idsIn(PROD_US, 2));
    });
    expect(counts).toEqual({ [PROD_US]: 1, [STAGING_EU]: 1, [STAGING_US]: 2 });
  });

  test('is waited for', async () => {
    const { query, pass, arrived, waitsFor } = await startBusy();
    const answer = query(page(ORDERED));
    for (const place of PLACES.slice(1)) await arrived(place);
    await waitsFor(1);
    await pass(1000 / PER_SECOND);
    const { data } = await answer;
    expect(idsOf(data.clientCertificates)).toEqual(ALL);
    expect(data.clientCertificates.unavailable).toEqual([]);
  });

  test('is waited for no longer than two seconds, which does not mean that AWS does not answer', async () => {
    const message = 'AWS was not asked in time, since this service bounds how many AWS calls it makes.';
    const { query, pass, arrived, waitsFor, log } = await startBusy();
    const input = `{ id: "${globalIdIn(PROD_EU, 'a000')}", description: "number 0" }`;
    const update = `mutation { updateClientCertificate(input: ${input}) { __typename } }`;
    const updates = Array.from({ length: 8 }, () => query(update)); // changes go first
    await turns();
    const answer = query(page(ORDERED));
    for (const place of PLACES.slice(1)) await arrived(place);
    await waitsFor(1);
    await pass(2000);
    const { data } = await answer;
    expect(idsOf(data.clientCertificates)).toEqual(ALL.filter((id) => !id.startsWith('a')));
    expect(data.clientCertificates.unavailable).toMatchObject([
      { account: 'prod', region: 'eu-central-1', unavailable: { code: 'UPSTREAM_TIMEOUT', message } },
    ]);
    const known = await query('{ accountRegions { unavailable { code } } }');
    expect(known.data.accountRegions).toEqual(PLACES.map(() => ({ unavailable: null })));
    expect(log).toEqual([]);
    let isDone = false;
    const done = Promise.all(updates).finally(() => {
      isDone = true;
    });
    while (!isDone) await pass(1000);
    await done;
  });
});

describe('MAX_UPSTREAM_CALLS_PER_OPERATION', () => {
  test('is that to each of them', async () => {
    const { query, countsOf } = await startEverywhere({
      seeds: SEEDS,
      env: { MAX_UPSTREAM_CALLS_PER_OPERATION: '1' },
    });
    const counts = await countsOf(async () => {
      const { data } = await query(page(ORDERED));
      expect(idsOf(data.clientCertificates)).toEqual(ALL);
    });
    expect(counts).toEqual(Object.fromEntries(PLACES.map((place) => [place, 1])));
  });

  test('is an error of the operation where one would need more, which is no failure of that one', async () => {
    const { query, countsOf } = await startEverywhere({
      seeds: { ...SEEDS, [PROD_US]: 501 },
      env: { MAX_UPSTREAM_CALLS_PER_OPERATION: '1' },
    });
    const counts = await countsOf(async () => {
      const { errors } = await query(page(ORDERED));
      expect(errors).toMatchObject([{ extensions: { code: 'TOO_MANY_UPSTREAM_CALLS' } }]);
      const known = await query('{ accountRegions { unavailable { code } } }');
      expect(known.data.accountRegions).toEqual(PLACES.map(() => ({ unavailable: null })));
    });
    expect(counts).toEqual(Object.fromEntries(PLACES.map((place) => [place, 1])));
  });
});

import { describe, expect, test } from 'vitest';
import { brokenItem } from '../../src/emulator/fault.ts';
import type { Seeds } from '../../src/emulator/seeds.ts';
import { apiKeyEntry } from '../support/authentication.ts';
import {
  denied,
  failed,
  LIST,
  PROD_EU,
  PROD_US,
  STAGING_EU,
  STAGING_US,
  startEverywhere,
} from './support.ts';

const DAY_MS = 86_400_000;

/** A certificate that was generated so many days ago. */
const seed = (id: string, ageInDays: number, team = 'payments'): Seeds => ({
  examples: [{ id, createdDate: new Date(Date.now() - ageInDays * DAY_MS), tags: { team } }],
});

/** `both` is in two accounts; it is another certificate in each. */
const SEEDS = {
  [PROD_EU]: seed('both', 10),
  [PROD_US]: seed('b1', 30),
  [STAGING_EU]: seed('both', 20),
  [STAGING_US]: seed('d1', 5, 'orders'),
};

const BUNDLE = `query ($filter: ClientCertificateFilter) {
  trustBundle(filter: $filter) { sha256 text(format: SHA256) clientCertificates { clientCertificateId account region } }
}`;

async function start(env: Record<string, string> = {}) {
  const service = await startEverywhere({ seeds: SEEDS, env });
  return {
    ...service,
    bundle: async (filter?: object) => service.query(BUNDLE, { filter }),
    get: async (path: string, headers: Record<string, string> = {}) =>
      service.server.fetch(`http://localhost/trust-bundle/${path}`, { headers }),
  };
}

const placesIn = ({ clientCertificates }: { clientCertificates: Record<string, string>[] }) =>
  clientCertificates.map(({ account, region }) => `${account}/${region}`);

/** The AWS ids in a file. */
const idsIn = (text: string) => Array.from(text.matchAll(/^ *# (\w+),/gm), ([, id]) => id);

describe('trustBundle', () => {
  test('spans accounts and regions, the oldest first, with one read of each', async () => {
    const { bundle, countsOf } = await start();
    let answer: Awaited<ReturnType<typeof bundle>> | undefined;
    const counts = await countsOf(async () => {
      answer = await bundle();
    });
    expect(placesIn(answer?.data.trustBundle)).toEqual([PROD_US, STAGING_EU, PROD_EU, STAGING_US]);
    expect(idsIn(answer?.data.trustBundle.text)).toEqual(['b1', 'both', 'both', 'd1']);
    expect(counts).toEqual({ [PROD_EU]: 1, [PROD_US]: 1, [STAGING_EU]: 1, [STAGING_US]: 1 });
  });

  test.each([
    [{ accounts: ['prod'] }, [PROD_US, PROD_EU], [PROD_EU, PROD_US]],
    [{ accounts: ['222222222222'] }, [STAGING_EU, STAGING_US], [STAGING_EU, STAGING_US]],
    [{ regions: ['eu-central-1'] }, [STAGING_EU, PROD_EU], [PROD_EU, STAGING_EU]],
    [{ accounts: ['prod'], regions: ['eu-central-1'] }, [PROD_EU], [PROD_EU]],
    [{ accounts: ['prod', 'prod'], tags: [{ key: 'team', value: 'orders' }] }, [], [PROD_EU, PROD_US]],
  ])('with %j asks no others', async (filter, places, asked) => {
    const { bundle, countsOf } = await start();
    let answer: Awaited<ReturnType<typeof bundle>> | undefined;
    const counts = await countsOf(async () => {
      answer = await bundle(filter);
    });
    expect(placesIn(answer?.data.trustBundle)).toEqual(places);
    expect(Object.keys(counts)).toEqual(asked);
  });

  test.each([
    ['denied', denied, 'UPSTREAM_DENIED'],
    ['down', failed, 'UPSTREAM_UNAVAILABLE'],
    ['with a broken certificate', brokenItem, 'UPSTREAM_UNAVAILABLE'],
  ])(
    'is an error as a whole where one place is %s, and without that place is not',
    async (_, fault, code) => {
      const { bundle, failIn } = await start();
      failIn((place, operation) => (place === STAGING_US && operation === LIST ? fault : undefined));
      const { data, errors } = await bundle();
      expect(data).toBe(null);
      expect(errors).toMatchObject([{ path: ['trustBundle'], extensions: { code } }]);
      expect(placesIn((await bundle({ accounts: ['prod'] })).data.trustBundle)).toEqual([PROD_US, PROD_EU]);
    },
  );

  test('names the places that cannot be read', async () => {
    const { bundle, failIn } = await start();
    failIn({ [PROD_US]: failed, [STAGING_US]: failed });
    const { errors } = await bundle();
    expect(errors?.[0]?.message).toMatch(
      /^Not all accounts and regions can be read: prod\/us-east-1, staging\/us-east-1\. /,
    );
  });

  test('says all at once what is wrong with its filter, and asks AWS for nothing', async () => {
    const { bundle, counts } = await start();
    const filter = { accounts: ['prod', 'production', '999999999999'], regions: ['mars'], status: [] };
    expect((await bundle(filter)).errors?.[0]?.message.split('; ')).toEqual([
      'filter.accounts.1: expected prod or staging, got "production"',
      'filter.accounts.2: expected prod or staging, got "999999999999"',
      'filter.regions.0: expected eu-central-1 or us-east-1, got "mars"',
      expect.stringMatching(/^filter\.status: /),
    ]);
    expect(counts()).toEqual({});
  });

  test('lists no more than 20 wrong names of a kind', async () => {
    const { bundle } = await start();
    const names = Array.from({ length: 5000 }, (_, i) => `n${i}`);
    const { errors } = await bundle({ accounts: names, regions: names });
    expect(errors?.[0]?.extensions['issues']).toHaveLength(40);
  });
});

describe('/trust-bundle', () => {
  test('is that of all, or of the accounts and regions that it names', async () => {
    const { get } = await start();
    expect(idsIn(await (await get('nginx')).text())).toEqual(['b1', 'both', 'both', 'd1']);
    const fingerprints = async (search: string) =>
      (await (await get(`sha256${search}`)).text()).split('\n').filter((line) => /^[0-9a-f]{64}$/.test(line));
    const [eu] = await fingerprints('?account=prod&region=eu-central-1');
    const [staging] = await fingerprints('?account=staging&region=eu-central-1');
    expect(eu).not.toBe(staging);
    expect(await fingerprints('?region=eu-central-1')).toEqual([staging, eu]);
    expect(await fingerprints('?account=staging&account=111111111111&region=eu-central-1')).toEqual([
      staging,
      eu,
    ]);
    const two = await get('nginx?account=prod&region=eu-central-1&region=us-east-1&tag=team:payments');
    expect(idsIn(await two.text())).toEqual(['b1', 'both']);
  });

  test('keeps its ETag while another account changes', async () => {
    const { get, query } = await start();
    const path = 'nginx?account=prod&region=eu-central-1';
    const etag = (await get(path)).headers.get('etag') ?? '';
    const generate = (account: string) =>
      query(`mutation {
        generateClientCertificate(input: { account: "${account}", region: "eu-central-1" }) { __typename }
      }`);
    await generate('staging');
    expect((await get(path, { 'if-none-match': etag })).status).toBe(304);
    await generate('prod');
    expect((await get(path, { 'if-none-match': etag })).status).toBe(200);
  });

  test('is refused as a whole where one cannot be read, unless it is not asked for', async () => {
    const { get, failIn } = await start();
    failIn({ [STAGING_US]: denied });
    const response = await get('nginx');
    expect(response.status).toBe(502);
    expect((await response.json()).errors[0].message).toMatch(
      /^Not all accounts and regions can be read: staging\/us-east-1\. /,
    );
    expect((await get('nginx?account=prod')).status).toBe(200);
  });

  test('is 400 for an account or a region that is not served, and 404 where no certificate matches', async () => {
    const { get, counts } = await start();
    const wrong = await get('nginx?account=production&region=');
    expect(wrong.status).toBe(400);
    expect((await wrong.json()).errors[0].message).toBe(
      'filter.accounts.0: expected prod or staging, got "production"; filter.regions.0: expected eu-central-1 or us-east-1, got ""',
    );
    expect(counts()).toEqual({});
    expect((await get('nginx?account=prod&tag=team:orders')).status).toBe(404);
  });

  test('requires the scope', async () => {
    const API_KEYS = apiKeyEntry('writer', 'writer', 'client-certificates:write');
    const { get, counts } = await start({ AUTH: 'api-key', API_KEYS });
    expect((await get('nginx?account=prod', { 'x-api-key': 'writer' })).status).toBe(403);
    expect(counts()).toEqual({});
  });
});

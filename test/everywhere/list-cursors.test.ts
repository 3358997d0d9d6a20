import { DeleteClientCertificateCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, test } from 'vitest';
import {
  denied,
  idsIn,
  PLACES,
  PROD_EU,
  PROD_US,
  roleOf,
  SEVERAL,
  STAGING_EU,
  STAGING_US,
  startEverywhere,
} from './support.ts';

const SEEDS = { [PROD_EU]: 3, [PROD_US]: 2, [STAGING_EU]: 2, [STAGING_US]: 2 };
const ALL = PLACES.flatMap((place) => idsIn(place, SEEDS[place]));

const KINDS = [
  ['a plain list', ''],
  ['an ordered list', 'orderBy: { field: EXPIRATION_DATE, direction: ASC }'],
  ['a filtered list', 'filter: { descriptionContains: "number" }'],
] as const;

const page = (args: string): string => `{ clientCertificates(${args}) {
  edges { cursor node { clientCertificateId } } pageInfo { hasNextPage }
} }`;

type Edge = { cursor: string; node: { clientCertificateId: string } };
const idsOf = ({ edges }: { edges: Edge[] }): string[] => edges.map(({ node }) => node.clientCertificateId);

const start = () => startEverywhere({ seeds: SEEDS });

type Service = Awaited<ReturnType<typeof start>>;

async function cursorsOf({ query }: Pick<Service, 'query'>, args: string): Promise<Map<string, string>> {
  const { data } = await query(page(args || 'first: 100'));
  const edges: Edge[] = data.clientCertificates.edges;
  return new Map(edges.map(({ cursor, node }) => [node.clientCertificateId, cursor]));
}

const cursorOf = async (service: Pick<Service, 'query'>, id: string, args = ''): Promise<string> =>
  (await cursorsOf(service, args)).get(id) ?? '';

describe.for(KINDS)('a cursor of %s', ([, args]) => {
  test('is short, and says where it is', async () => {
    const cursors = await cursorsOf(await start(), args);
    expect([...cursors.keys()].toSorted()).toEqual(ALL.toSorted());
    for (const cursor of cursors.values()) {
      expect(cursor).toMatch(/^[\w-]{40,200}$/);
      const text = Buffer.from(cursor, 'base64url').toString();
      expect(PLACES.filter((place) => text.includes(`"${place}"`))).toHaveLength(1);
    }
  });

  test('leads on after its certificate was deleted', async () => {
    const service = await start();
    const cursor = await cursorOf(service, 'a002', args);
    const before = [...(await cursorsOf(service, args)).keys()];
    await service.clientIn(PROD_EU).send(new DeleteClientCertificateCommand({ clientCertificateId: 'a002' }));
    const { data } = await service.query(page(`first: 2, after: "${cursor}", ${args}`));
    const next = before.indexOf('a002') + 1;
    expect(idsOf(data.clientCertificates)).toEqual(before.slice(next, next + 2));
  });

  test('is refused, with words, once its account is no longer in the settings', async () => {
    const service = await start();
    const cursor = await cursorOf(service, 'a001', args);
    const left = await service.another({ ACCOUNTS: `staging=${roleOf('staging')}` });
    const got = `expected a cursor of an account and region that is served, got one of ${PROD_EU}`;
    for (const [name, size] of [
      ['after', 'first'],
      ['before', 'last'],
    ]) {
      const { data, errors } = await left.query(page(`${size}: 2, ${name}: "${cursor}", ${args}`));
      expect(data).toBeNull();
      expect(errors).toMatchObject([
        {
          message: `${name}: ${got}`,
          extensions: { code: 'BAD_USER_INPUT', issues: [{ path: [name], message: got }] },
        },
      ]);
    }
  });

  test('of another account leads on after one was removed from the settings', async () => {
    const service = await start();
    const before = [...(await cursorsOf(service, args)).keys()].filter((id) => /^[cd]/.test(id));
    const cursor = await cursorOf(service, 'c000', args);
    const left = await service.another({ ACCOUNTS: `staging=${roleOf('staging')}` });
    const { data } = await left.query(page(`first: 10, after: "${cursor}", ${args}`));
    expect(idsOf(data.clientCertificates)).toEqual(before.slice(before.indexOf('c000') + 1));
  });

  test('leads on from where it is after the settings were put in another order', async () => {
    const service = await start();
    const reordered = await service.another({
      ACCOUNTS: SEVERAL.ACCOUNTS.split(',').toReversed().join(','),
      AWS_REGIONS: 'us-east-1,eu-central-1',
    });
    const all = [...(await cursorsOf(reordered, args)).keys()];
    if (args.startsWith('orderBy')) expect(all).toEqual([...(await cursorsOf(service, args)).keys()]);
    else expect(all).toEqual(PLACES.toReversed().flatMap((place) => idsIn(place, SEEDS[place])));
    for (const [id, cursor] of await cursorsOf(service, args)) {
      const behind = all.slice(all.indexOf(id) + 1);
      const { data } = await reordered.query(page(`first: 2, after: "${cursor}", ${args}`));
      expect(idsOf(data.clientCertificates)).toEqual(behind.slice(0, 2));
    }
  });
});

describe('cursors that are wrong', () => {
  test('one of an account that the filter leaves out is refused', async () => {
    const service = await start();
    const cursor = await cursorOf(service, 'a001');
    const counts = await service.countsOf(async () => {
      const { errors } = await service.query(page(`after: "${cursor}", filter: { accounts: ["staging"] }`));
      expect(errors).toMatchObject([
        {
          message: expect.stringMatching(/^after: expected a cursor of this connection/),
          extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['after'] }] },
        },
      ]);
    });
    expect(counts).toEqual({});
  });

  test.for([
    ['of another place than it says', (where: string) => where.replace('prod', 'staging')],
    ['of a place that never was', () => 'nobody/eu-central-1'],
    ['of no place', () => ''],
    ['of a place with a very long name', () => 'x'.repeat(10_000)],
    ['of a place that is no text', () => ({})],
  ] as const)('one %s is refused or leads somewhere', async ([, change]) => {
    const service = await start();
    for (const [, args] of KINDS) {
      const [where, ...others] = JSON.parse(
        Buffer.from(await cursorOf(service, 'a001', args), 'base64url').toString(),
      ).toReversed();
      const forged = Buffer.from(JSON.stringify([...others.toReversed(), change(where)])).toString(
        'base64url',
      );
      const { data, errors } = await service.query(page(`first: 2, after: "${forged}", ${args}`));
      if (errors)
        expect(errors).toMatchObject([
          { extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['after'] }] } },
        ]);
      else expect(data.clientCertificates.edges).toHaveLength(2);
    }
  });

  test('one with a position that AWS never gave leads behind its certificate', async () => {
    const service = await start();
    const cursor = await cursorOf(service, 'b000');
    const [type, digest, , place, ...rest] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const forged = Buffer.from(JSON.stringify([type, digest, 'forged', place, ...rest])).toString(
      'base64url',
    );
    const { data } = await service.query(page(`first: 2, after: "${forged}"`));
    expect(idsOf(data.clientCertificates)).toEqual(['b001', 'c000']);
  });

  test('one with a position that nobody can place is refused, and named', async () => {
    const service = await start();
    const cursor = await cursorOf(service, 'b000');
    const [type, digest, , place, key, , where] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const members = [type, digest, 'forged', place, key, ['gone'], where];
    const forged = Buffer.from(JSON.stringify(members)).toString('base64url');
    const { errors } = await service.query(page(`first: 2, after: "${forged}"`));
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['after'] }] } }]);
  });

  test('one with a position that only AWS can place is refused as AWS does, and named', async () => {
    const service = await startEverywhere({
      seeds: { ...SEEDS, [PROD_US]: 501 },
      env: { MAX_COLLECTION_PAGES: '1' },
    });
    const cursor = await cursorOf(service, 'b000');
    const [type, digest, , ...rest] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const forged = Buffer.from(JSON.stringify([type, digest, 'forged', ...rest])).toString('base64url');
    const { errors } = await service.query(page(`first: 2, after: "${forged}"`));
    expect(errors).toMatchObject([
      { message: expect.stringMatching(/^after: expected a cursor of this connection/) },
    ]);
  });

  test('one of before there were several is refused', async () => {
    const service = await start();
    const alone = await service.another({ ACCOUNTS: '', AWS_REGIONS: '' });
    const cursor = Buffer.from(JSON.stringify(['ClientCertificate', '', null, 1, null, ['a000']])).toString(
      'base64url',
    );
    expect(await alone.query(page(`after: "${cursor}"`))).not.toHaveProperty('errors');
    const { errors } = await service.query(page(`after: "${cursor}"`));
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['after'] }] } }]);
  });
});

describe('the cursor of a new certificate', () => {
  async function startWithNew() {
    const service = await start();
    const { data } = await service.query(`mutation {
      generateClientCertificate(input: { account: "prod", region: "us-east-1", description: "number new" }) {
        ... on GenerateClientCertificatePayload { clientCertificateEdge { cursor node { clientCertificateId } } }
      }
    }`);
    const { cursor, node } = data.generateClientCertificate.clientCertificateEdge;
    const all = [...(await cursorsOf(service, '')).keys()];
    return { ...service, cursor, id: node.clientCertificateId as string, all };
  }

  test('leads on from it, and back', async () => {
    const { query, cursor, id, all } = await startWithNew();
    const i = all.indexOf(id);
    const next = await query(page(`first: 3, after: "${cursor}"`));
    expect(idsOf(next.data.clientCertificates)).toEqual(all.slice(i + 1, i + 4));
    const previous = await query(page(`last: 3, before: "${cursor}"`));
    expect(idsOf(previous.data.clientCertificates)).toEqual(all.slice(i - 3, i));
  });

  test('leads on while another one fails', async () => {
    const { query, cursor, id, all, failIn } = await startWithNew();
    failIn({ [STAGING_EU]: denied });
    const { data } = await query(page(`first: 2, after: "${cursor}"`));
    const others = all.filter((other) => other === id || !other.startsWith('c'));
    const i = others.indexOf(id);
    expect(idsOf(data.clientCertificates)).toEqual(others.slice(i + 1, i + 3));
  });

  test('is an error while its own place fails, since nobody can tell where it is', async () => {
    const { query, cursor, failIn } = await startWithNew();
    failIn({ [PROD_US]: denied });
    const { errors } = await query(page(`first: 2, after: "${cursor}"`));
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_DENIED' } }]);
  });

  test('is refused once the certificate is gone', async () => {
    const { query, cursor, id, clientIn } = await startWithNew();
    await clientIn(PROD_US).send(new DeleteClientCertificateCommand({ clientCertificateId: id }));
    const { errors } = await query(page(`first: 2, after: "${cursor}"`));
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['after'] }] } }]);
  });
});

test('wrong input is told all at once, and nobody is asked', async () => {
  const service = await start();
  const counts = await service.countsOf(async () => {
    const { data, errors } = await service.query(
      page(`first: -1, last: 501, after: "x", before: "y", filter: {
        accounts: ["prod", "prd", "333333333333"], regions: ["eu-central-1", "eu-central-2"], status: []
        expiresAfter: "2027-01-01T00:00:00Z", expiresBefore: "2026-01-01T00:00:00Z"
      }`),
    );
    expect(data).toBeNull();
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
    expect(errors?.[0]?.extensions['issues']).toEqual([
      { path: ['filter', 'accounts', '1'], message: 'expected prod or staging, got "prd"' },
      { path: ['filter', 'accounts', '2'], message: 'expected prod or staging, got "333333333333"' },
      { path: ['filter', 'regions', '1'], message: 'expected eu-central-1 or us-east-1, got "eu-central-2"' },
      { path: ['filter', 'status'], message: expect.any(String) },
      { path: ['filter', 'expiresBefore'], message: expect.any(String) },
      { path: ['first'], message: 'expected 0 to 500, got -1' },
      { path: ['last'], message: 'expected 0 to 500, got 501' },
      { path: ['last'], message: 'expected either first or last, got both' },
      { path: ['after'], message: expect.any(String) },
      { path: ['before'], message: expect.any(String) },
    ]);
  });
  expect(counts).toEqual({});
});

test.for([
  ['accounts: []', 'accounts'],
  ['regions: []', 'regions'],
])('a filter with {%s} is refused', async ([filter, name]) => {
  const { query } = await start();
  const { errors } = await query(page(`filter: { ${filter} }`));
  expect(errors).toMatchObject([
    { extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['filter', name] }] } },
  ]);
});

test('an account that is not in a region of the filter has none there', async () => {
  const { another } = await start();
  const partitions = await another({
    ACCOUNTS: `prod=${roleOf('prod')},china=arn:aws-cn:iam::222222222222:role/certway`,
    AWS_REGIONS: 'eu-central-1,cn-north-1',
  });
  const chosen = 'filter: { accounts: ["china"], regions: ["eu-central-1"] }';
  expect((await partitions.query(page(chosen))).data.clientCertificates.edges).toEqual([]);
  const { data } = await partitions.query(
    `{ clientCertificates(${chosen}, last: 2) { totalCount unavailable { region } } }`,
  );
  expect(data.clientCertificates).toEqual({ totalCount: 0, unavailable: [] });
  expect((await partitions.query('{ accountRegions { account region } }')).data.accountRegions).toEqual([
    { account: 'prod', region: 'eu-central-1' },
    { account: 'china', region: 'cn-north-1' },
  ]);
});

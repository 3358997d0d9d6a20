import { describe, expect, test } from 'vitest';
import { apiKeyEntry } from '../support/authentication.ts';
import { arnIn, globalIdIn, withIds } from './places.ts';
import { denied, PROD_EU, PROD_US, STAGING_EU, STAGING_US, startEverywhere } from './support.ts';

const SEEDS = {
  [PROD_EU]: withIds('both', 'a1'),
  [PROD_US]: withIds('b1'),
  [STAGING_EU]: withIds('both', 'c1'),
};

const GENERATE = `mutation ($input: GenerateClientCertificateInput!) {
  result: generateClientCertificate(input: $input) {
    __typename
    ... on GenerateClientCertificatePayload {
      generated
      clientCertificate { id clientCertificateId account region replaces { id } }
    }
    ... on InvalidInputError { issues { path message } }
  }
}`;

/** Its pauses take no time. */
const start = async (env: Record<string, string> = {}) => {
  const service = await startEverywhere({ seeds: SEEDS, env, clock: { wait: async () => undefined } });
  const generate = async (input: Record<string, unknown>) => service.query(GENERATE, { input });
  return {
    ...service,
    generate,
    /** The complaints, as path and message. */
    complaintsAbout: async (input: Record<string, unknown>): Promise<string[]> => {
      const { data } = await generate(input);
      const issues: { path: string[]; message: string }[] = data.result.issues;
      return issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    },
  };
};

describe('generateClientCertificate', () => {
  test('makes it in the account and region that the input names, by the name or the digits', async () => {
    const { generate, countsOf } = await start();
    for (const account of ['staging', '222222222222']) {
      let answer: Awaited<ReturnType<typeof generate>> | undefined;
      const counts = await countsOf(async () => {
        answer = await generate({ account, region: 'us-east-1' });
      });
      expect(counts).toEqual({ [STAGING_US]: 1 });
      const { generated, clientCertificate } = answer?.data.result ?? {};
      expect(generated).toBe(true);
      const { id, clientCertificateId } = clientCertificate;
      expect(clientCertificate).toMatchObject({ account: 'staging', region: 'us-east-1' });
      expect(id).toBe(globalIdIn(STAGING_US, clientCertificateId));
    }
  });

  test('says all at once what is missing or wrong, and asks AWS for nothing', async () => {
    const { complaintsAbout, counts } = await start();
    const account = 'input.account: expected prod or staging, ';
    const region = 'input.region: expected eu-central-1 or us-east-1, ';
    const several = 'since there are several, got nothing';
    expect(await complaintsAbout({})).toEqual([account + several, region + several]);
    expect(await complaintsAbout({ account: 'prod' })).toEqual([region + several]);
    expect(await complaintsAbout({ region: 'us-east-1' })).toEqual([account + several]);
    expect(
      await complaintsAbout({
        account: 'production',
        description: 'x'.repeat(1025),
        tags: [{ key: 'aws:x', value: '' }],
        idempotencyKey: 'a b',
      }),
    ).toEqual([
      `${account}got "production"`,
      region + several,
      expect.stringMatching(/^input\.description: /),
      expect.stringMatching(/^input\.tags\.0\.key: /),
      expect.stringMatching(/^input\.idempotencyKey: /),
    ]);
    expect(await complaintsAbout({ account: 'production', region: 'mars' })).toEqual([
      `${account}got "production"`,
      `${region}got "mars"`,
    ]);
    expect(await complaintsAbout({ account: '999999999999', region: 'us-east-1', replaces: 'A B' })).toEqual([
      `${account}got "999999999999"`,
      'input.replaces: expected a global id, an ARN, or an id such as a1b2c3, got "A B"',
    ]);
    expect(counts()).toEqual({});
  });

  test('needs no account where there is one, and no region where there is one', async () => {
    const one = await start({ AWS_REGIONS: 'us-east-1' });
    expect((await one.generate({ account: 'prod' })).data.result.clientCertificate).toMatchObject({
      account: 'prod',
      region: 'us-east-1',
    });
    const other = await start({ ACCOUNTS: 'prod=arn:aws:iam::111111111111:role/certway' });
    expect((await other.generate({ region: 'us-east-1' })).data.result.clientCertificate).toMatchObject({
      account: 'prod',
      region: 'us-east-1',
    });
  });

  test.each([
    ['a global id', globalIdIn(STAGING_EU, 'both')],
    ["AWS's own id", 'c1'],
    ['an ARN', arnIn(STAGING_EU, 'c1')],
  ])('`replaces` with %s says where the new one is', async (_, replaces) => {
    const { generate } = await start();
    const { data } = await generate({ replaces });
    const id = globalIdIn(STAGING_EU, replaces === globalIdIn(STAGING_EU, 'both') ? 'both' : 'c1');
    expect(data.result).toMatchObject({
      generated: true,
      clientCertificate: { account: 'staging', region: 'eu-central-1', replaces: { id } },
    });
    const again = await generate({ replaces, account: 'staging', region: 'eu-central-1' });
    expect(again.data.result.generated).toBe(false);
    expect(again.data.result.clientCertificate).toEqual(data.result.clientCertificate);
  });

  test('`replaces` of another account or region than the input says is refused, and nothing is generated', async () => {
    const { complaintsAbout, query, made } = await start();
    const own = 'expected that of the certificate to replace, which is in staging/eu-central-1, got';
    const replaces = globalIdIn(STAGING_EU, 'both');
    expect(await complaintsAbout({ replaces, account: 'prod' })).toEqual([`input.account: ${own} "prod"`]);
    expect(await complaintsAbout({ replaces, account: 'staging', region: 'us-east-1' })).toEqual([
      `input.region: ${own} "us-east-1"`,
    ]);
    expect(await complaintsAbout({ replaces: 'c1', account: 'prod', region: 'us-east-1' })).toEqual([
      `input.account: ${own} "prod"`,
      `input.region: ${own} "us-east-1"`,
    ]);
    expect(await complaintsAbout({ replaces: 'both', account: 'prod' })).toEqual([
      'input.replaces: expected a global id, since prod/eu-central-1 and staging/eu-central-1 each have "both"',
    ]);
    expect(await complaintsAbout({ replaces: 'nobody' })).toEqual([
      'input.replaces: expected a client certificate that exists, got "nobody"',
    ]);
    expect(made.filter(({ operation }) => operation === 'GenerateClientCertificate')).toEqual([]);
    expect((await query('{ clientCertificates { totalCount } }')).data.clientCertificates.totalCount).toBe(5);
  });

  test('an idempotency key is one of its account and region', async () => {
    const { generate } = await start();
    const key = { idempotencyKey: 'one' };
    const inStaging = { ...key, account: 'staging', region: 'us-east-1' };
    const [first, second] = [await generate(inStaging), await generate(inStaging)];
    expect(first.data.result.generated).toBe(true);
    expect(second.data.result).toEqual({ ...first.data.result, generated: false });
    const other = await generate({ ...key, account: 'prod', region: 'us-east-1' });
    expect(other.data.result).toMatchObject({ generated: true, clientCertificate: { account: 'prod' } });
  });

  test('is not held up by another account that is denied', async () => {
    const { generate, failIn } = await start();
    failIn({ [PROD_EU]: denied, [PROD_US]: denied });
    const { data } = await generate({ account: 'staging', region: 'us-east-1' });
    expect(data.result.generated).toBe(true);
    const { errors } = await generate({ account: 'prod', region: 'us-east-1' });
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_DENIED' } }]);
  });

  test('gives an edge whose cursor continues in the list over all, for as long as it exists', async () => {
    const { query } = await start();
    const generateIn = async (place: string) => {
      const { data } = await query(`mutation {
        result: generateClientCertificate(input: { ${place} }) {
          ... on GenerateClientCertificatePayload { clientCertificateEdge { cursor node { id } } }
        }
      }`);
      return { ...data.result.clientCertificateEdge, ...data.result.clientCertificateEdge.node };
    };
    const list = async (args: string) => query(`{ clientCertificates(${args}) { nodes { id } } }`);
    const idsOf = async (args: string) => (await list(args)).data.clientCertificates.nodes;
    const last = await generateIn('account: "staging", region: "us-east-1"');
    const staging = ['both', 'c1'].map((id) => ({ id: globalIdIn(STAGING_EU, id) }));
    expect(await idsOf(`last: 2, before: "${last.cursor}"`)).toEqual(staging);
    expect(await idsOf(`first: 2, after: "${last.cursor}"`)).toEqual([]);
    const inside = await generateIn('account: "prod", region: "us-east-1"');
    const rest = await idsOf(`first: 9, after: "${inside.cursor}"`);
    expect(rest.slice(-3)).toEqual([...staging, { id: last.id }]);
    await query(
      `mutation { deleteClientCertificate(input: { id: "${inside.id}", evenIfUsed: true }) { __typename } }`,
    );
    const { errors } = await list(`first: 9, after: "${inside.cursor}"`);
    expect(errors).toMatchObject([
      {
        message: expect.stringMatching(
          /^after: expected the cursor of a ClientCertificate that is in the list/,
        ),
      },
    ]);
  });

  test('requires the scope before anything else', async () => {
    const API_KEYS = apiKeyEntry('reader', 'reader', 'client-certificates:read');
    const { post, counts } = await start({ AUTH: 'api-key', API_KEYS });
    const body = { query: GENERATE, variables: { input: { replaces: 'c1', account: '999999999999' } } };
    const { errors } = await (await post(body, { 'x-api-key': 'reader' })).json();
    expect(errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN', requiredScope: 'client-certificates:write' } },
    ]);
    expect(counts()).toEqual({});
  });
});

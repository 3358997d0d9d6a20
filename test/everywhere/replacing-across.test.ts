import { GetStageCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, test } from 'vitest';
import type { Seeds } from '../../src/emulator/seeds.ts';
import { apiKeyEntry } from '../support/authentication.ts';
import { START } from '../support/stages.ts';
import { startCrawlingEverywhere } from './crawling.ts';
import { arnIn, globalIdIn, oldIdIn, stageIdIn } from './places.ts';
import { denied, type Place, PROD_EU, PROD_US, STAGING_EU, STAGING_US } from './support.ts';

const DAY_MS = 86_400_000;
const aged = (id: string, days: number, tags: Record<string, string> = {}) => ({
  id,
  createdDate: new Date(START.getTime() - days * DAY_MS),
  tags,
});

/** `old` is replaced by `new` in the first two places, on APIs with the same ids; `lone` and its successor are only in one. */
const renewal: Seeds = {
  examples: [aged('old', 300), aged('new', 1, { 'certway:replaces': 'old' })],
  restApis: ['r000', 'r001'].map((id) => ({
    id,
    stages: [{ stageName: 'prod', clientCertificateId: 'old' }],
  })),
};

const SEEDS: Partial<Record<Place, Seeds>> = {
  [PROD_EU]: renewal,
  [STAGING_EU]: renewal,
  [PROD_US]: { examples: [aged('other', 2)] },
  [STAGING_US]: {
    examples: [aged('lone', 300), aged('next', 1)],
    restApis: [{ id: 'r002', stages: [{ stageName: 'prod', clientCertificateId: 'lone' }] }],
  },
};

const prod = (api: string) => `restapis/${api}/stages/prod`;

const REPLACE = `mutation ($input: ReplaceClientCertificateInput!) {
  result: replaceClientCertificate(input: $input) {
    __typename
    ... on ReplaceClientCertificatePayload {
      oldClientCertificate { id } newClientCertificate { id }
      outcomes { stage { id certificateReference } status }
      remaining index { apis complete }
    }
    ... on InvalidInputError { issues { path message } }
    ... on Error { code message }
  }
}`;

async function start(env: Record<string, string> = {}, headers?: Record<string, string>) {
  const service = await startCrawlingEverywhere({ seeds: SEEDS, env, ...(headers && { headers }) });
  await service.pass(10_000);
  const fingerprintOf = async (id: string): Promise<string> => {
    const { data } = await service.query(
      'query ($id: ID!) { clientCertificate(id: $id) { x509 { fingerprintSha256 } } }',
      { id },
    );
    return data.clientCertificate.x509.fingerprintSha256;
  };
  const replace = async (input: Record<string, unknown>) => service.query(REPLACE, { input });
  const truth = async (place: Place, restApiId: string) =>
    (await service.clientIn(place).send(new GetStageCommand({ restApiId, stageName: 'prod' })))
      .clientCertificateId;
  return {
    ...service,
    fingerprintOf,
    replace,
    truth,
    /** The certificates of all stages, whatever the service says. */
    truths: async () => ({
      [PROD_EU]: [await truth(PROD_EU, 'r000'), await truth(PROD_EU, 'r001')],
      [STAGING_EU]: [await truth(STAGING_EU, 'r000'), await truth(STAGING_EU, 'r001')],
      [STAGING_US]: [await truth(STAGING_US, 'r002')],
    }),
    complaintsAbout: async (input: Record<string, unknown>): Promise<string[]> => {
      const { data } = await replace(input);
      const issues: { path: string[]; message: string }[] = data.result.issues;
      return issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    },
  };
}

const UNCHANGED = { [PROD_EU]: ['old', 'old'], [STAGING_EU]: ['old', 'old'], [STAGING_US]: ['lone'] };

describe('replaceClientCertificate', () => {
  test('moves the stages of one place, and leaves those with the same ids elsewhere', async () => {
    const { replace, truths, fingerprintOf, made } = await start();
    const trustedFingerprintSha256 = await fingerprintOf(globalIdIn(STAGING_EU, 'new'));
    made.length = 0;
    const { data } = await replace({ id: globalIdIn(STAGING_EU, 'old'), trustedFingerprintSha256 });
    expect(data.result).toEqual({
      __typename: 'ReplaceClientCertificatePayload',
      oldClientCertificate: { id: globalIdIn(STAGING_EU, 'old') },
      newClientCertificate: { id: globalIdIn(STAGING_EU, 'new') },
      outcomes: ['r000', 'r001'].map((api) => ({
        stage: { id: stageIdIn(STAGING_EU, prod(api)), certificateReference: 'new' },
        status: 'REPLACED',
      })),
      remaining: 0,
      index: { apis: 2, complete: true },
    });
    const asked = new Set(
      made.flatMap(({ place, operation }) => (operation.includes('Stage') ? [place] : [])),
    );
    expect(asked).toEqual(new Set([STAGING_EU]));
    expect(await truths()).toEqual({ ...UNCHANGED, [STAGING_EU]: ['new', 'new'] });
  });

  test.each<[what: string, id: string, successor: string]>([
    ['global ids', globalIdIn(STAGING_US, 'lone'), globalIdIn(STAGING_US, 'next')],
    ['global ids of before', oldIdIn(STAGING_US, 'lone'), oldIdIn(STAGING_US, 'next')],
    ['ARNs', arnIn(STAGING_US, 'lone'), arnIn(STAGING_US, 'next')],
    ["AWS's own ids", 'lone', 'next'],
    ['ids of two kinds', 'lone', globalIdIn(STAGING_US, 'next')],
  ])('takes %s', async (_, id, successor) => {
    const { replace, truths, fingerprintOf } = await start();
    const trustedFingerprintSha256 = await fingerprintOf(globalIdIn(STAGING_US, 'next'));
    const stages = [stageIdIn(STAGING_US, prod('r002'))];
    const { data } = await replace({ id, with: successor, stages, trustedFingerprintSha256 });
    expect(data.result).toMatchObject({ outcomes: [{ status: 'REPLACED' }], remaining: 0 });
    expect(await truths()).toEqual({ ...UNCHANGED, [STAGING_US]: ['next'] });
  });

  test('takes stages by ARNs, which are those of the place of the certificate', async () => {
    const { replace, truths, fingerprintOf } = await start();
    const trustedFingerprintSha256 = await fingerprintOf(globalIdIn(PROD_EU, 'new'));
    const stages = [`arn:aws:apigateway:eu-central-1::/${prod('r001')}`];
    const { data } = await replace({ id: globalIdIn(PROD_EU, 'old'), stages, trustedFingerprintSha256 });
    expect(data.result.outcomes).toMatchObject([{ stage: { id: stageIdIn(PROD_EU, prod('r001')) } }]);
    expect(await truths()).toEqual({ ...UNCHANGED, [PROD_EU]: ['old', 'new'] });
  });

  test('refuses a certificate and stages of another account or region with words, and changes nothing', async () => {
    const { complaintsAbout, truths, made } = await start();
    const id = globalIdIn(STAGING_EU, 'old');
    const own = 'expected one of staging/eu-central-1 as well, got one of';
    expect(
      await complaintsAbout({
        id,
        with: globalIdIn(PROD_EU, 'new'),
        stages: [
          stageIdIn(STAGING_EU, prod('r000')),
          stageIdIn(PROD_EU, prod('r000')),
          stageIdIn(STAGING_US, prod('r002')),
        ],
        dryRun: true,
      }),
    ).toEqual([
      `input.with: ${own} the account 111111111111, eu-central-1`,
      `input.stages.1: ${own} the account 111111111111, eu-central-1`,
      `input.stages.2: ${own} us-east-1`,
    ]);
    expect(await complaintsAbout({ id, with: arnIn(PROD_US, 'other'), dryRun: true })).toEqual([
      `input.with: ${own} us-east-1`,
    ]);
    expect(await complaintsAbout({ id, with: 'other', dryRun: true })).toEqual([
      'input.with: expected a client certificate that exists, got other',
    ]);
    expect(await complaintsAbout({ id: 'old', dryRun: true })).toEqual([
      'input.id: expected a global id, since prod/eu-central-1 and staging/eu-central-1 each have "old"',
    ]);
    expect(made.filter(({ operation }) => operation.startsWith('Update'))).toEqual([]);
    expect(await truths()).toEqual(UNCHANGED);
  });

  test('says all at once what is malformed, and asks AWS for nothing', async () => {
    const { complaintsAbout, countsOf } = await start();
    const input = {
      id: 'A B',
      with: arnIn(PROD_EU, 'new').replace('eu-central-1', 'sa-east-1'),
      stages: ['prod', stageIdIn(PROD_EU, prod('r000'))],
      trustedFingerprintSha256: 'x',
    };
    const counts = await countsOf(async () => {
      expect(await complaintsAbout(input)).toEqual([
        'input.id: expected a global id, an ARN, or an id such as a1b2c3, got "A B"',
        'input.with: expected a client certificate of the region eu-central-1 or us-east-1, got one of another region, sa-east-1',
        'input.stages.0: expected the global id or the ARN of a stage, got "prod"',
        expect.stringMatching(/^input\.trustedFingerprintSha256: /),
      ]);
      expect(
        await complaintsAbout({
          id: globalIdIn(PROD_EU, 'old'),
          stages: Array(301).fill('prod'),
          dryRun: true,
        }),
      ).toEqual(['input.stages: expected 1 to 300, got 301']);
    });
    expect(counts).toEqual({});
  });

  test('of a dry run changes nothing', async () => {
    const { replace, truths } = await start();
    const { data } = await replace({ id: globalIdIn(PROD_EU, 'old'), dryRun: true });
    expect(data.result).toMatchObject({
      newClientCertificate: { id: globalIdIn(PROD_EU, 'new') },
      outcomes: [{ status: 'PLANNED' }, { status: 'PLANNED' }],
      remaining: 2,
    });
    expect(await truths()).toEqual(UNCHANGED);
  });

  test('goes on in its place while another one is denied, unless its id is looked for there', async () => {
    const { replace, failIn, truths, fingerprintOf } = await start();
    const trustedFingerprintSha256 = await fingerprintOf(globalIdIn(STAGING_US, 'next'));
    failIn((place) => (place.startsWith('prod') ? denied : undefined));
    const refused = await replace({ id: 'lone', with: 'next', trustedFingerprintSha256 });
    expect(refused.errors).toMatchObject([
      {
        message: expect.stringContaining('So it cannot be told where "lone" is; use the global id.'),
        extensions: { code: 'UPSTREAM_DENIED' },
      },
    ]);
    const { data } = await replace({
      id: globalIdIn(STAGING_US, 'lone'),
      with: 'next',
      trustedFingerprintSha256,
    });
    expect(data.result).toMatchObject({ remaining: 0 });
    failIn(() => undefined);
    expect(await truths()).toEqual({ ...UNCHANGED, [STAGING_US]: ['next'] });
  });

  test('is what the next read says, and nothing of another place', async () => {
    const { replace, query, fingerprintOf } = await start({ CACHE_TTL_MS: '60000' });
    const USAGES = '{ clientCertificates { nodes { id usage } } }';
    const usages = async () => {
      const { data } = await query(USAGES);
      const nodes: { id: string; usage: string }[] = data.clientCertificates.nodes;
      return Object.fromEntries(nodes.map(({ id, usage }) => [id, usage]));
    };
    const before = await usages();
    const trustedFingerprintSha256 = await fingerprintOf(globalIdIn(PROD_EU, 'new'));
    await replace({ id: globalIdIn(PROD_EU, 'old'), trustedFingerprintSha256 });
    expect(await usages()).toEqual({
      ...before,
      [globalIdIn(PROD_EU, 'old')]: 'UNUSED',
      [globalIdIn(PROD_EU, 'new')]: 'IN_USE',
    });
  });

  test('requires its scope before anything else', async () => {
    const API_KEYS = apiKeyEntry('reader', 'reader', 'client-certificates:read');
    const { replace, countsOf } = await start({ AUTH: 'api-key', API_KEYS }, { 'x-api-key': 'reader' });
    const counts = await countsOf(async () => {
      const { errors } = await replace({ id: 'lone', with: 'next', dryRun: true });
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', requiredScope: 'stages:write' } }]);
    });
    expect(counts).toEqual({});
  });
});

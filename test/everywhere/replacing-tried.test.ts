import { describe, expect, test } from 'vitest';
import { startBackend } from '../emulator/backend.ts';
import { startCrawlingEverywhere } from './crawling.ts';
import { arnIn, globalIdIn, oldIdIn, stageIdIn } from './places.ts';
import { denied, type Place, PROD_EU, PROD_US, STAGING_EU } from './support.ts';

const TEST = `mutation ($input: TestClientCertificateInput!) {
  result: testClientCertificate(input: $input) {
    __typename
    ... on TestClientCertificatePayload { status accepted }
    ... on InvalidInputError { issues { path message } }
    ... on Error { code message }
  }
}`;

const STAGE = 'restapis/r000/stages/prod';
const createdDate = new Date();

/** The API `r000` and the certificate `both` are in two accounts, another certificate in each. */
async function start() {
  const backend = await startBackend();
  const restApis = [
    { id: 'r000', backend: backend.url, stages: [{ stageName: 'prod', clientCertificateId: 'both' }] },
  ];
  const service = await startCrawlingEverywhere({
    seeds: {
      [PROD_EU]: { examples: ['both', 'a1'].map((id) => ({ id, createdDate })), restApis },
      [STAGING_EU]: { examples: ['both', 'c1'].map((id) => ({ id, createdDate })), restApis },
      [PROD_US]: { examples: [{ id: 'b1', createdDate }] },
    },
    emulator: { backendCa: backend.ca },
  });
  await service.pass(10_000);
  const ask = async (input: Record<string, unknown>) => service.query(TEST, { input });
  return {
    ...service,
    backend,
    ask,
    complaintsAbout: async (input: Record<string, unknown>): Promise<string[]> => {
      const issues: { path: string[]; message: string }[] = (await ask(input)).data.result.issues;
      return issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    },
    fingerprintOf: async (id: string): Promise<string> => {
      const { data } = await service.query(
        `{ clientCertificate(id: "${id}") { x509 { fingerprintSha256 } } }`,
      );
      return data.clientCertificate.x509.fingerprintSha256;
    },
  };
}

const stage = stageIdIn(STAGING_EU, STAGE);

describe('testClientCertificate', () => {
  test.each<[what: string, id: string, own: string]>([
    ['a global id', globalIdIn(STAGING_EU, 'both'), 'both'],
    ['a global id of before', oldIdIn(STAGING_EU, 'c1'), 'c1'],
    ['an ARN that another account has, too', arnIn(STAGING_EU, 'both'), 'both'],
    ["AWS's own id that another account has, too", 'both', 'both'],
  ])('by %s presents the one that is where the stage is', async (_, id, own) => {
    const { ask, backend, fingerprintOf, made } = await start();
    const expected = await fingerprintOf(globalIdIn(STAGING_EU, own));
    expect(expected).not.toBe(await fingerprintOf(globalIdIn(PROD_EU, 'both')));
    made.length = 0;
    expect((await ask({ id, stage })).data.result).toMatchObject({ status: 201, accepted: true });
    expect(backend.seen.map(({ fingerprint }) => fingerprint)).toEqual([expected]);
    expect(new Set(made.map(({ place }) => place))).toEqual(new Set([STAGING_EU]));
  });

  test('with a certificate of another account or region is refused with words, and no backend is called', async () => {
    const { complaintsAbout, backend } = await start();
    const own = 'input.id: expected one of staging/eu-central-1 as well, got one of';
    const elsewhere: [Place, string][] = [
      [PROD_EU, `${own} the account 111111111111, eu-central-1`],
      [PROD_US, `${own} the account 111111111111, us-east-1`],
    ];
    for (const [place, complaint] of elsewhere)
      expect(await complaintsAbout({ id: globalIdIn(place, 'b1'), stage })).toEqual([complaint]);
    expect(backend.seen).toEqual([]);
  });

  test('of a certificate that is only elsewhere is NOT_FOUND', async () => {
    const { ask, backend } = await start();
    expect((await ask({ id: 'a1', stage })).data.result).toMatchObject({ code: 'NOT_FOUND' });
    expect(backend.seen).toEqual([]);
  });

  test('by the ARN of a stage that two accounts have is refused with their names', async () => {
    const { complaintsAbout } = await start();
    const arn = `arn:aws:apigateway:eu-central-1::/${STAGE}`;
    expect(await complaintsAbout({ id: 'both', stage: arn })).toEqual([
      `input.stage: expected a global id, since prod/eu-central-1 and staging/eu-central-1 each have ${arn}`,
    ]);
  });

  test('says all at once what is wrong, and asks AWS for nothing', async () => {
    const { complaintsAbout, countsOf } = await start();
    const counts = await countsOf(async () => {
      expect(await complaintsAbout({ id: 'A B', stage: 'prod', method: 'BREW', path: 'tea' })).toEqual([
        'input.id: expected a global id, an ARN, or an id such as a1b2c3, got "A B"',
        'input.stage: expected the global id or the ARN of a stage, got "prod"',
        expect.stringMatching(/^input\.method: /),
        expect.stringMatching(/^input\.path: /),
      ]);
      const unknown = stageIdIn(PROD_US, STAGE);
      expect(await complaintsAbout({ id: 'b1', stage: unknown })).toEqual([
        expect.stringMatching(
          /^input\.stage: expected a stage of a REST API that this service has read, got /,
        ),
      ]);
    });
    expect(counts).toEqual({});
  });

  test('needs no other account', async () => {
    const { ask, failIn } = await start();
    failIn((place) => (place.startsWith('prod') ? denied : undefined));
    expect((await ask({ id: 'both', stage })).data.result).toMatchObject({ accepted: true });
  });
});

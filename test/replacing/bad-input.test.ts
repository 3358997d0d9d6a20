import { describe, expect, test } from 'vitest';
import { apiKeyEntry } from '../support/authentication.ts';
import { globalIdOf } from '../support/service.ts';
import { CERTIFICATES, GET, prod, REPLACE, stageId, startReplacing, UPDATE } from './support.ts';

const issues = (...complaints: [path: string, message: unknown][]) => ({
  __typename: 'InvalidInputError',
  issues: complaints.map(([path, message]) => ({ path: path.split('.'), message })),
});

const REST_APIS = [
  { id: 'r000', stages: [{ stageName: 'prod', clientCertificateId: 'old' }] },
  { id: 'r001', stages: [{ stageName: 'prod', clientCertificateId: 'other' }, { stageName: 'none' }] },
];
const APIS = [
  {
    apiId: 'h000',
    protocolType: 'HTTP' as const,
    stages: [{ stageName: '$default', apiGatewayManaged: true }],
  },
  {
    apiId: 'w000',
    stages: [{ stageName: '$default', clientCertificateId: 'old', apiGatewayManaged: true }],
  },
];

const start = () => startReplacing({ restApis: REST_APIS, apis: APIS });

describe('what can be told without AWS', () => {
  test.for<[what: string, input: Record<string, unknown>, complaints: [string, unknown][]]>([
    [
      '`with` that is `id`',
      { with: 'old' },
      [['input.with', 'expected another certificate, got that of `id`']],
    ],
    [
      'the same in other words',
      { with: globalIdOf('old'), trustedFingerprintSha256: 'a'.repeat(64) },
      [['input.with', 'expected another certificate, got that of `id`']],
    ],
    ['a malformed id', { id: 'not/an id' }, [['input.id', expect.stringContaining('got "not/an id"')]]],
    [
      'a certificate of another region',
      {
        with: 'arn:aws:apigateway:eu-west-1::/clientcertificates/new',
        trustedFingerprintSha256: 'a'.repeat(64),
      },
      [['input.with', expect.stringContaining('another region, eu-west-1')]],
    ],
    ['no stage', { stages: [] }, [['input.stages', 'expected 1 to 300, got 0']]],
    ['too many stages', { stages: Array(301).fill('x') }, [['input.stages', 'expected 1 to 300, got 301']]],
    [
      'a malformed stage',
      { stages: ['prod'] },
      [['input.stages.0', expect.stringContaining('expected the global id or the ARN of a stage')]],
    ],
    [
      'a certificate in the place of a stage',
      { stages: [globalIdOf('old')] },
      [['input.stages.0', expect.stringContaining('expected the global id or the ARN of a stage')]],
    ],
    [
      'an unknown stage',
      { stages: [prod('r999')] },
      [
        [
          'input.stages.0',
          'expected a stage of a REST or WebSocket API that this service has read, got arn:aws:apigateway:us-east-1::/restapis/r999/stages/prod',
        ],
      ],
    ],
    [
      'a stage of another region',
      { stages: ['arn:aws:apigateway:eu-west-1::/restapis/r000/stages/prod'] },
      [['input.stages.0', expect.stringContaining('another region, eu-west-1')]],
    ],
    [
      'a stage twice',
      { stages: [prod('r000'), 'arn:aws:apigateway:us-east-1::/restapis/r000/stages/prod'] },
      [['input.stages.1', expect.stringContaining('expected no stage twice')]],
    ],
    [
      'a stage with another certificate',
      { stages: [prod('r001')] },
      [['input.stages.0', 'expected a stage with the certificate old, got one with "other"']],
    ],
    [
      'a stage without one',
      { stages: [stageId('restapis/r001/stages/none')] },
      [['input.stages.0', 'expected a stage with the certificate old, got one without one']],
    ],
    [
      'a stage of an HTTP API',
      { stages: [stageId('apis/h000/stages/$default')] },
      [['input.stages.0', expect.stringContaining('expected a stage of a REST or WebSocket API')]],
    ],
    [
      'a stage that API Gateway manages',
      { stages: [stageId('apis/w000/stages/$default')] },
      [['input.stages.0', 'expected a stage that can be changed, got one that API Gateway manages']],
    ],
    [
      'no fingerprint',
      { trustedFingerprintSha256: null },
      [['input.trustedFingerprintSha256', expect.stringContaining('got nothing')]],
    ],
    [
      'a fingerprint that is none',
      { trustedFingerprintSha256: 'ab:cd' },
      [
        [
          'input.trustedFingerprintSha256',
          'expected 64 hexadecimal digits, with or without colons, got "abcd"',
        ],
      ],
    ],
    [
      'all of it at once',
      { with: 'old', stages: ['x', prod('r999')], trustedFingerprintSha256: '' },
      [
        ['input.with', expect.anything()],
        ['input.stages.0', expect.anything()],
        ['input.stages.1', expect.anything()],
        ['input.trustedFingerprintSha256', expect.anything()],
      ],
    ],
  ])('%s is a complaint, and AWS is not called', async ([, input, complaints]) => {
    const { callsOf, replace } = await start();
    const calls = await callsOf(async () => {
      expect((await replace(input)).data.result).toMatchObject(issues(...complaints));
    });
    expect(calls).toEqual([]);
  });
});

describe('what the certificates tell', () => {
  test.for<[what: string, input: Record<string, unknown>, complaints: [string, unknown][]]>([
    [
      'a new one that does not exist',
      { with: 'nobody', trustedFingerprintSha256: 'a'.repeat(64) },
      [['input.with', 'expected a client certificate that exists, got nobody']],
    ],
    [
      'one that nothing was generated to replace',
      { id: 'other', with: null, dryRun: true },
      [['input.with', expect.stringContaining('none has the tag certway:replaces with other')]],
    ],
    [
      'a new one that has expired',
      { with: 'expired' },
      [['input.with', expect.stringContaining('got one that expired at 2026-11-01')]],
    ],
    [
      'a new one that expires earlier than the old one',
      { id: 'other', with: 'old', stages: [prod('r001')] },
      [
        [
          'input.with',
          expect.stringContaining('expected a certificate that expires no earlier than the old one'),
        ],
      ],
    ],
    [
      'the fingerprint of another certificate, and a new one that has expired',
      { with: 'expired', trustedFingerprintSha256: 'a'.repeat(64) },
      [
        ['input.with', expect.anything()],
        [
          'input.trustedFingerprintSha256',
          'expected the SHA-256 fingerprint of expired, got that of another certificate',
        ],
      ],
    ],
    [
      'a stage with neither certificate, although `with` is left out',
      { with: null, dryRun: true, stages: [prod('r001')] },
      [['input.stages.0', expect.stringContaining('got one with "other"')]],
    ],
  ])('%s is a complaint, and no stage is read', async ([, input, complaints]) => {
    const { callsOf, replace } = await start();
    const calls = await callsOf(async () => {
      expect((await replace(input)).data.result).toMatchObject(issues(...complaints));
    });
    expect(calls).not.toContain(GET);
    expect(calls).not.toContain(UPDATE);
  });

  test('the fingerprint of the old one is refused, since the new one would not be trusted', async () => {
    const { replace, fingerprints, truth } = await start();
    const { data } = await replace({ trustedFingerprintSha256: fingerprints.get('old') });
    expect(data.result).toMatchObject(
      issues([
        'input.trustedFingerprintSha256',
        'expected the SHA-256 fingerprint of new, got that of another certificate',
      ]),
    );
    expect(await truth('r000')).toBe('old');
  });

  test('an old one that does not exist is a NotFoundError', async () => {
    const { replace } = await start();
    expect((await replace({ id: 'nobody' })).data.result).toEqual({
      __typename: 'NotFoundError',
      code: 'NOT_FOUND',
      message: 'There is no such client certificate.',
    });
  });

  test('the day on which the new one expires is asked of the clock of the service', async () => {
    const { replace } = await startReplacing({
      restApis: REST_APIS,
      now: () => new Date('2027-12-01T00:00:00Z'),
      examples: CERTIFICATES,
    });
    expect((await replace()).data.result).toMatchObject(
      issues(['input.with', expect.stringContaining('got one that expired at 2027-11-27')]),
    );
  });
});

test('stages that have not been read yet are not known', async () => {
  const { replace } = await startReplacing({
    restApis: REST_APIS,
    fault: (operation, labels) =>
      operation === 'GetStages' && labels['restApiId'] === 'r000'
        ? { kind: 'raw', status: 500, contentType: 'text/html', body: '' }
        : undefined,
  });
  expect((await replace({ stages: [prod('r000')] })).data.result).toMatchObject(
    issues(['input.stages.0', expect.stringMatching(/; not all stages have been read yet$/)]),
  );
});

test.for([
  ['client-certificates:read client-certificates:write', 'stages:write'],
  ['stages:write', 'client-certificates:read'],
] as const)('with the scopes %s alone it is FORBIDDEN, and AWS is not called', async ([scopes, missing]) => {
  const API_KEYS = [
    apiKeyEntry('some', 'some', scopes),
    apiKeyEntry('all', 'all', `${scopes} ${missing}`),
  ].join();
  const { post, calls } = await startReplacing({ env: { AUTH: 'api-key', API_KEYS }, examples: [] });
  const input = { id: 'old', with: 'new', dryRun: true };
  const ask = async (key: string) =>
    (await post({ query: REPLACE, variables: { input } }, { 'x-api-key': key })).json();
  expect((await ask('some')).errors).toEqual([
    expect.objectContaining({
      message: `Requires the scope ${missing}.`,
      extensions: expect.objectContaining({ code: 'FORBIDDEN', requiredScope: missing }),
    }),
  ]);
  expect(calls).toEqual([]);
  expect((await ask('all')).data.result.__typename).toBe('NotFoundError');
});

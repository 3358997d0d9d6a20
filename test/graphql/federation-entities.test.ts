import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chosen } from '../../src/emulator/errors.ts';
import { encodeGlobalId } from '../../src/relay/global-id.ts';
import { apiKeyEntry } from '../support/authentication.ts';
import { examples, globalIdOf, startService } from '../support/service.ts';

const ENTITIES = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    __typename
    ... on ClientCertificate { id clientCertificateId }
  }
}`;

const byId = (clientCertificateId: string) => ({
  __typename: 'ClientCertificate',
  id: globalIdOf(clientCertificateId),
});
const byArn = (clientCertificateId: string) => ({
  __typename: 'ClientCertificate',
  arn: `arn:aws:apigateway:us-east-1::/clientcertificates/${clientCertificateId}`,
  accountId: null,
});
const byAwsId = (clientCertificateId: string) => ({ __typename: 'ClientCertificate', clientCertificateId });
const entityOf = (clientCertificateId: string) => ({
  ...byId(clientCertificateId),
  ...byAwsId(clientCertificateId),
});

async function start(env: Record<string, string> = {}) {
  const service = await startService({ emulator: { examples: examples(40) }, env });
  return {
    ...service,
    entities: (...representations: unknown[]) => service.query(ENTITIES, { representations }),
  };
}

describe('a representation', () => {
  test.each([byId('c007'), byArn('c007'), byAwsId('c007'), entityOf('c007')])(
    '%j is a certificate',
    async (one) => {
      const { calls, entities } = await start();
      expect(await entities(one)).toEqual({ data: { _entities: [entityOf('c007')] } });
      expect(calls).toEqual(['GetClientCertificate']);
    },
  );

  test.each([byId('nobody'), byArn('nobody'), byAwsId('nobody')])(
    '%j is null, because it does not exist',
    async (one) => {
      const { entities } = await start();
      expect(await entities(one)).toEqual({ data: { _entities: [null] } });
    },
  );

  test('may be a literal with variables', async () => {
    const { query } = await start();
    const document = `query ($id: String!) {
      _entities(representations: [
        { __typename: "ClientCertificate", clientCertificateId: $id }
        { __typename: "ClientCertificate", id: "${globalIdOf('c001')}" }
      ]) { ... on ClientCertificate { arn } }
    }`;
    const arn = 'arn:aws:apigateway:us-east-1::/clientcertificates/';
    expect(await query(document, { id: 'c000' })).toEqual({
      data: { _entities: [{ arn: `${arn}c000` }, { arn: `${arn}c001` }] },
    });
  });

  test('may have more fields than its key', async () => {
    const { entities } = await start();
    const more = { ...byAwsId('c003'), description: 'as another subgraph sees it', tags: [{ key: 1 }] };
    expect(await entities(more)).toEqual({ data: { _entities: [entityOf('c003')] } });
  });
});

describe('many representations', () => {
  test('by any key are one call, in their order', async () => {
    const { calls, entities } = await start();
    const ids = Array.from({ length: 30 }, (_, i) => `c${String((i * 7) % 40).padStart(3, '0')}`);
    const keys = [byId, byArn, byAwsId];
    expect(await entities(...ids.map((id, i) => (keys[i % 3] ?? byId)(id)))).toEqual({
      data: { _entities: ids.map(entityOf) },
    });
    expect(calls).toEqual(['GetClientCertificates']);
  });

  test('cost no call if there are none, and a repeated one is one lookup', async () => {
    const { calls, entities } = await start();
    expect(await entities()).toEqual({ data: { _entities: [] } });
    expect(calls).toEqual([]);
    const both = [entityOf('c001'), entityOf('c001')];
    expect(await entities(byId('c001'), byAwsId('c001'))).toEqual({ data: { _entities: both } });
    expect(calls).toEqual(['GetClientCertificate']);
  });

  test('share the call of the other fields of the operation', async () => {
    const { calls, query } = await start();
    const { data } = await query(`{
      _entities(representations: [{ __typename: "ClientCertificate", clientCertificateId: "c002" }]) { __typename }
      clientCertificate(id: "c001") { clientCertificateId }
      clientCertificates(first: 3) { nodes { clientCertificateId } }
    }`);
    expect(data._entities).toEqual([{ __typename: 'ClientCertificate' }]);
    expect(calls).toEqual(['GetClientCertificates']);
  });

  test('are each null, with the error, while AWS does not answer', async () => {
    const { entities, fail } = await start();
    fail(() => ({ kind: 'error', error: chosen.internal(new Error('made by a test')) }));
    const { data, errors = [] } = await entities(byId('c000'), byAwsId('c001'));
    expect(data).toEqual({ _entities: [null, null] });
    expect(errors).toMatchObject([
      { path: ['_entities', 0], extensions: { code: 'UPSTREAM_UNAVAILABLE' } },
      { path: ['_entities', 1], extensions: { code: 'UPSTREAM_UNAVAILABLE' } },
    ]);
  });
});

const NO_TYPE = '.__typename: expected ClientCertificate or ApiStage, got';
const NO_KEY = ': expected one with id or clientCertificateId or arn and accountId, got';
const NO_ID = '.id: expected the global id of a client certificate of this region, got';
const NO_ARN = '.arn: expected the ARN of a client certificate, got';
const NO_ACCOUNT = '.accountId: expected the 12 digits of an account, or null, got';
const NO_AWS_ID = '.clientCertificateId: expected an id such as a1b2c3, got';

const ELSEWHERE = {
  ...byId('c000'),
  id: encodeGlobalId('ClientCertificate', 'arn:aws:apigateway:eu-west-1::/clientcertificates/c000'),
};

/** Malformed representations, and the end of the error message about each. */
const MALFORMED: [representation: unknown, complaint: string][] = [
  ['ClientCertificate', ': expected an object, got "ClientCertificate"'],
  [7, ': expected an object, got 7'],
  [[byId('c000')], ': expected an object, got [{"__typename":"ClientCertificate"'],
  [{}, `${NO_TYPE} nothing`],
  [{ id: globalIdOf('c000') }, `${NO_TYPE} nothing`],
  [{ ...byId('c000'), __typename: null }, `${NO_TYPE} null`],
  [{ ...byId('c000'), __typename: 'Stage' }, `${NO_TYPE} "Stage"`],
  [{ ...byId('c000'), __typename: 'Tag' }, `${NO_TYPE} "Tag"`],
  [{ ...byId('c000'), __typename: 'constructor' }, `${NO_TYPE} "constructor"`],
  [
    ELSEWHERE,
    '.id: expected a client certificate of the region us-east-1, got one of another region, eu-west-1',
  ],
  [{ __typename: 'ClientCertificate' }, `${NO_KEY} {"__typename":"ClientCertificate"}`],
  [{ __typename: 'ClientCertificate', arn: 'x' }, `${NO_KEY} {"__typename":"ClientCertificate"`],
  [{ __typename: 'ClientCertificate', accountId: null }, `${NO_KEY} {"__typename":"ClientCertificate"`],
  [
    { ...byArn('c000'), accountId: '111111111111' },
    '.arn: expected a client certificate without an account, since the settings name none, got one of the account 111111111111',
  ],
  [
    { ...byArn('c000'), arn: 'arn:aws:apigateway:eu-west-1::/clientcertificates/c000' },
    '.arn: expected a client certificate of the region us-east-1, got one of another region, eu-west-1',
  ],
  ...[
    '',
    'c000',
    globalIdOf('c000'),
    'arn:aws:apigateway:us-east-1::/restapis/c000',
    'arn:aws-cn:apigateway:us-east-1::/clientcertificates/c000',
    'arn:aws:apigateway:us-east-1:111111111111:/clientcertificates/c000',
  ].map((arn): [unknown, string] => [{ ...byArn('c000'), arn }, `${NO_ARN} "${arn.slice(0, 40)}`]),
  ...[5, '', '1111', '1111111111111', ['111111111111']].map((accountId): [unknown, string] => [
    { ...byArn('c000'), accountId },
    `${NO_ACCOUNT} ${JSON.stringify(accountId)}`,
  ]),
  ...[null, 5, true, ['c000'], { id: 'c000' }].flatMap((key): [unknown, string][] => [
    [{ ...byId('c000'), id: key }, `${NO_ID} ${JSON.stringify(key)}`],
    [{ ...byArn('c000'), arn: key }, `${NO_ARN} ${JSON.stringify(key)}`],
    [{ ...byAwsId('c000'), clientCertificateId: key }, `${NO_AWS_ID} ${JSON.stringify(key)}`],
  ]),
  ...[
    '',
    'c000',
    'arn:aws:apigateway:us-east-1::/clientcertificates/c000',
    encodeGlobalId('Stage', 'prod'),
    encodeGlobalId('ClientCertificate', 'c000'),
    'ä'.repeat(5000),
  ].map((id): [unknown, string] => [{ ...byId('c000'), id }, `${NO_ID} "${id.slice(0, 40)}`]),
  ...['', 'C000', 'c/000', globalIdOf('c000'), 'arn:aws:apigateway:us-east-1::/clientcertificates/c000'].map(
    (id): [unknown, string] => [byAwsId(id), `${NO_AWS_ID} "${id.slice(0, 40)}`],
  ),
];

describe('a malformed representation', () => {
  test.each(MALFORMED)('%j is an error of its own', async (malformed, complaint) => {
    const { calls, entities } = await start();
    const { data, errors = [] } = await entities(malformed);
    expect(data).toEqual({ _entities: [null] });
    expect(errors).toMatchObject([{ path: ['_entities', 0], extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(errors[0]?.message).toContain(`representations.0${complaint}`);
    expect(errors[0]?.message.length).toBeLessThan(180);
    expect(calls).toEqual([]);
  });

  test('does not affect the others', async () => {
    const { calls, entities } = await start();
    const wrong = MALFORMED.map(([representation]) => representation);
    const { data, errors = [] } = await entities(byId('c001'), ...wrong, byAwsId('c002'));
    expect(data).toEqual({ _entities: [entityOf('c001'), ...wrong.map(() => null), entityOf('c002')] });
    expect(errors.map(({ path }) => path?.[1]).toSorted((a, b) => Number(a) - Number(b))).toEqual(
      wrong.map((_, index) => index + 1),
    );
    expect(calls).toEqual(['GetClientCertificates']);
  });

  test('that is null is a validation error of GraphQL', async () => {
    const { data, errors } = await (await start()).entities(byId('c001'), null);
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  test('never causes another error, whatever JSON it is', async () => {
    const { calls, entities } = await start();
    const like = fc.record(
      {
        __typename: fc.oneof(fc.constant('ClientCertificate'), fc.jsonValue()),
        id: fc.oneof(fc.constant(globalIdOf('c001')), fc.base64String(), fc.jsonValue()),
        arn: fc.oneof(fc.constant(byArn('c003').arn), fc.jsonValue()),
        accountId: fc.oneof(fc.constant(null), fc.constant('111111111111'), fc.jsonValue()),
        clientCertificateId: fc.oneof(fc.constant('c002'), fc.string(), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    const anything = fc.oneof(like, fc.jsonValue()).filter((value) => value !== null);
    await fc.assert(
      fc.asyncProperty(fc.array(anything), async (representations) => {
        calls.length = 0;
        const { data, errors = [] } = await entities(...representations);
        expect(data._entities).toHaveLength(representations.length);
        for (const { path, extensions } of errors) {
          expect(extensions['code']).toBe('BAD_USER_INPUT');
          expect(data._entities[Number(path?.[1])]).toBe(null);
        }
        expect(calls.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('without the scope to read', () => {
  const API_KEYS = apiKeyEntry('writer', 'writer', 'client-certificates:write');

  test('each entity is FORBIDDEN, whether it exists or not, and AWS is not called', async () => {
    const { calls, post } = await start({ AUTH: 'api-key', API_KEYS });
    const representations = [byId('c000'), byAwsId('c001'), byAwsId('nobody')];
    const response = await post(
      { query: ENTITIES, variables: { representations } },
      { 'x-api-key': 'writer' },
    );
    expect(await response.json()).toMatchObject({
      data: { _entities: [null, null, null] },
      errors: representations.map((_, index) => ({
        path: ['_entities', index],
        extensions: { code: 'FORBIDDEN', requiredScope: 'client-certificates:read' },
      })),
    });
    expect(calls).toEqual([]);
  });

  test('a client without credentials gets nothing', async () => {
    const { calls, post } = await start({ AUTH: 'api-key', API_KEYS });
    const response = await post({ query: ENTITIES, variables: { representations: [byId('c000')] } });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(calls).toEqual([]);
  });
});

test('each representation counts against MAX_COST', async () => {
  const { calls, entities } = await start({ MAX_COST: '61' });
  expect((await entities(...Array(30).fill(byId('c000')))).errors).toBeUndefined();
  calls.length = 0;
  expect(await entities(...Array(31).fill(byId('c000')))).toMatchObject({
    errors: [
      {
        message: 'The operation is too large: expected cost up to 61, got 63.',
        extensions: { code: 'OPERATION_TOO_LARGE' },
      },
    ],
  });
  expect(calls).toEqual([]);
});

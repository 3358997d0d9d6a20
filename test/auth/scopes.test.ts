import { DeleteClientCertificateCommand, GetClientCertificatesCommand } from '@aws-sdk/client-api-gateway';
import { extendSchema, type GraphQLSchema, graphql, isAbstractType, isObjectType, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import type { Scope } from '../../src/auth/viewer.ts';
import { createAwsCalls } from '../../src/aws/calls.ts';
import type { Example } from '../../src/emulator/seeds.ts';
import { createFieldErrors } from '../../src/graphql/field-errors.ts';
import { createSchema } from '../../src/graphql/schema/index.ts';
import { encodeGlobalId } from '../../src/relay/global-id.ts';
import { createExpiry } from '../../src/resources/client-certificates/client-certificate.ts';
import { createClientCertificates } from '../../src/resources/client-certificates/client-certificates.ts';
import { arnOf } from '../../src/resources/client-certificates/id.ts';
import type { Api } from '../../src/resources/stages/api.ts';
import { createApiStages } from '../../src/resources/stages/api-stages.ts';
import { createMoves } from '../../src/resources/stages/moves.ts';
import type { StageIndex } from '../../src/resources/stages/stage-index.ts';
import { systemClock } from '../../src/time/clock.ts';
import { type SchemaPath, schemaPaths } from '../graphql/schema-paths.ts';
import { apiKeyEntry, createSigner, startJwtService } from '../support/authentication.ts';
import { type Answer, startService } from '../support/service.ts';
import { type Ask, askMutations, askTogether, byField, type Leaf, type Outcome, ROOM } from './leaves.ts';

const schema = createSchema();

const READ = 'client-certificates:read';
const WRITE = 'client-certificates:write';
const STAGES = 'stages:write';

/** No answer may contain any of these without the scope `read`. */
const SECRETS = /hush|BEGIN CERTIFICATE|200[12]-02-0/;

const idOf = (index: number) => `c${String(index).padStart(3, '0')}`;
const globalIdOf = (index: number) => encodeGlobalId('ClientCertificate', arnOf('us-east-1', idOf(index)));

const examples = (count: number): Example[] =>
  Array.from({ length: count }, (_, index) => ({
    id: idOf(index),
    description: 'hush',
    tags: { team: 'hush' },
    createdDate: new Date('2001-02-03T04:05:06Z'),
  }));

const API_KEYS = [
  apiKeyEntry('reader', 'reader', READ),
  apiKeyEntry('writer', 'writer', `${WRITE} ${STAGES}`),
  apiKeyEntry('both', 'both', `${READ} ${WRITE} ${STAGES}`),
].join(',');

async function start(count: number) {
  const service = await startService({
    env: { AUTH: 'api-key', API_KEYS, ...ROOM },
    emulator: {
      examples: examples(count),
      restApis: [{ id: 'a1', stages: [{ stageName: 'hush', clientCertificateId: idOf(0) }] }],
      quota: 10_000,
    },
  });
  noteStage(service.stageIndex);
  const as = (key: string) => async (query: string) =>
    watched(service.calls, async () => (await service.post({ query }, { 'x-api-key': key })).json());
  return { ...service, as };
}

/** All stages are known, and one uses the first certificate, so that no operation deletes it. */
function noteStage(index: StageIndex): void {
  const api: Api = { apiId: 'a1', name: 'hush', protocol: 'REST' };
  const moment = { atMs: 0, at: new Date('2001-02-03T04:05:06Z') };
  index.listed('REST', [api], moment);
  index.listed('WEBSOCKET', [], moment);
  index.read(api, [{ name: 'hush', certificateReference: idOf(0), lastUpdatedDate: moment.at }], moment);
}

/**
 * The leaves at the ends of the paths, and the number of their certificates. Leaves of the same field share one, except
 * those of a field that deletes it. Some are about the first, which is in use.
 */
function leavesOn(paths: SchemaPath[]) {
  const indexes = new Map([[IN_USE, 0]]);
  const leaves = paths.map((path) => {
    const user = userOf(path);
    const index = indexes.get(user) ?? indexes.size;
    indexes.set(user, index);
    return { path, field: path.fieldWith(globalIdOf(index)) };
  });
  return { leaves, count: indexes.size };
}

const IN_USE = 'those about the certificate that is in use';

function userOf({ name, types }: SchemaPath): string {
  if (types.includes('CertificateInUseError')) return IN_USE;
  return name.startsWith('Mutation.delete') ? name : name.split('.').slice(0, 2).join('.');
}

async function watched(calls: string[], ask: () => Promise<Answer>): Promise<Outcome> {
  calls.length = 0;
  return { answer: await ask(), calls: [...calls] };
}

/**
 * Requests every leaf of the schema, and returns every violation of the missing scope. Mutations that are refused are
 * requested alone, since the first of several would end the operation.
 */
async function violations(
  schema: GraphQLSchema,
  leaves: Leaf[],
  missing: Scope,
  ask: Ask,
): Promise<string[]> {
  const isAlone = ({ path }: Leaf) =>
    path.operation === 'mutation' && (missing !== READ || leadsTo(READABLE, schema, path));
  const check = missing === READ ? withoutRead : withoutWrite;
  const complaints: string[] = [];
  for (const some of byField(leaves)) {
    const [alone, together] = [some.filter(isAlone), some.filter((leaf) => !isAlone(leaf))];
    const outcomes = [...(await askMutations(alone, ask)), ...(await askTogether(together, ask))];
    for (const [i, { path }] of [...alone, ...together].entries())
      for (const complaint of check(schema, path, outcomes[i] as Outcome))
        complaints.push(`${path.name} ${complaint}`);
  }
  return complaints;
}

function withoutRead(schema: GraphQLSchema, path: SchemaPath, { answer, calls }: Outcome): string[] {
  return [
    ...(calls.some((call) => call.startsWith('Get') && !isOfGuard(call)) ? ['reads'] : []),
    ...(SECRETS.test(JSON.stringify(answer)) ? ['tells a secret'] : []),
    ...(leadsTo(READABLE, schema, path) && !isRefused(answer, READ) ? ['is not refused'] : []),
  ];
}

function withoutWrite(
  _: GraphQLSchema,
  { name, operation }: SchemaPath,
  { answer, calls }: Outcome,
): string[] {
  return [
    ...(calls.some((call) => !call.startsWith('Get')) ? ['writes'] : []),
    ...(operation === 'mutation' && !isRefused(answer, isOfStages(name) ? STAGES : WRITE)
      ? ['is not refused']
      : []),
  ];
}

/** The mutations that take a scope of their own. Without a fingerprint, the input of one is refused before AWS is called. */
const isOfStages = (name: string) => /^Mutation\.(replace|test)ClientCertificate\./.test(name);

/** A delete looks at the stages that use the certificate, and tells nothing of them. */
const isOfGuard = (call: string) => call === 'GetStage';

const CERTIFICATE = /^ClientCertificate(Edge|Connection)?$/;
const READABLE = /^(ClientCertificate|ApiStage)(Edge|Connection)?$/;

/** Reaches such a type directly, or by an interface or a union that includes it. */
const leadsTo = (wanted: RegExp, schema: GraphQLSchema, { types }: SchemaPath): boolean =>
  types.some((name) => {
    const type = schema.getType(name);
    const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : isObjectType(type) ? [type] : [];
    return possible.some(({ name }) => wanted.test(name));
  });

const isRefused = ({ data, errors = [] }: Answer, requiredScope: Scope): boolean =>
  errors.length > 0 &&
  errors.every(
    ({ message, extensions }) =>
      message === `Requires the scope ${requiredScope}.` &&
      extensions['code'] === 'FORBIDDEN' &&
      extensions['requiredScope'] === requiredScope,
  ) &&
  valuesIn(data).every((value) => value === null);

const valuesIn = (data: unknown): unknown[] =>
  typeof data === 'object' && data !== null ? Object.values(data).flatMap(valuesIn) : [data];

describe('on every path through the schema', () => {
  const { leaves, count } = leavesOn(schemaPaths(schema));

  test('the generated operations are valid: they work with all scopes', async () => {
    const { as } = await start(count);
    const ask = as('both');
    const reached = new Set<string>();
    const isCalling = ({ path }: Leaf) =>
      leadsTo(CERTIFICATE, schema, path) && !isOfStages(path.name) && !path.name.includes('.unavailable');
    for (const some of byField(leaves)) {
      const { length } = some.filter(isCalling);
      for (const [i, { answer, calls }] of (await askTogether(some, ask)).entries()) {
        const leaf = some[i] as Leaf;
        const { name, operation } = leaf.path;
        expect(answer.errors, name).toBeUndefined();
        if (!isCalling(leaf)) continue;
        expect(answer.data[`a${i}`], name).not.toBeNull();
        expect(calls.length, name).toBeGreaterThanOrEqual(operation === 'mutation' ? length : 1);
        reached.add(name.split('.').slice(0, 2).join('.'));
      }
    }
    expect([...reached]).toEqual(
      expect.arrayContaining([
        'Query.node',
        'Query.nodes',
        'Query.clientCertificate',
        'Query.clientCertificates',
        'Query._entities',
        'Mutation.generateClientCertificate',
        'Mutation.tagClientCertificate',
      ]),
    );
  }, 60_000);

  test('no certificate can be read without the scope read', async () => {
    const { as } = await start(count);
    expect(await violations(schema, leaves, READ, as('writer'))).toEqual([]);
  }, 60_000);

  test('nothing can be changed without the scope write', async () => {
    const { as } = await start(count);
    expect(await violations(schema, leaves, WRITE, as('reader'))).toEqual([]);
  }, 60_000);

  test('AWS is not called without any scope', async () => {
    const signer = await createSigner('key');
    const { post, token, calls } = await startJwtService(signer);
    const authorization = `Bearer ${await token(signer, { claims: { scope: 'openid' } })}`;
    const ask: Ask = async (query) => ({
      answer: await (await post({ query }, { authorization })).json(),
      calls,
    });
    for (const some of byField(leaves))
      await (some[0]?.path.operation === 'query' ? askTogether : askMutations)(some, ask);
    expect(calls).toEqual([]);
  }, 60_000);
});

describe('a field that forgets its scope is detected:', () => {
  /** Fields that are added, and some beside them that check their scope. All others were asked for above. */
  const NEAR =
    /^(Query\.(forgetful|clientCertificate\.|node\.)|Mutation\.(forgetful|(delete|tag)ClientCertificate\.))/;

  /** The schema with more fields, whose resolvers bypass the scope check. */
  async function violationsWith(extension: string, missing: Scope) {
    const extended = extendSchema(schema, parse(extension));
    const { leaves, count } = leavesOn(schemaPaths(extended).filter(({ name }) => NEAR.test(name)));
    const { accountRegion, cache, client, calls, stageIndex } = await start(count);
    const { signal } = new AbortController();
    const gone = () => signal;
    const raw = { createdDate: new Date(), tags: [], pemEncodedCertificate: 'BEGIN CERTIFICATE', arn: 'arn' };
    const resolvers = {
      forgetfulCertificate: () => raw,
      forgetfulTexts: async () => {
        const { items = [] } = await client.send(new GetClientCertificatesCommand({ limit: 1 }));
        return items.map(({ pemEncodedCertificate }) => pemEncodedCertificate);
      },
      forgetfulWrite: async () => {
        await client.send(new DeleteClientCertificateCommand({ clientCertificateId: idOf(0) }));
        return 1;
      },
    };
    for (const type of Object.values(extended.getTypeMap()).filter(isObjectType))
      for (const [name, resolve] of Object.entries(resolvers)) {
        const field = type.getFields()[name];
        if (field) field.resolve = resolve;
      }
    const scopes = new Set<Scope>(missing === READ ? [WRITE, STAGES] : [READ]);
    const ask: Ask = async (source) =>
      watched(calls, async () => {
        const operation = {
          aws: createAwsCalls({
            accountRegion: { ...accountRegion, client },
            onBehalfOf: 'test',
            gone,
            timeoutMs: 5000,
            maxCalls: 9,
            clock: systemClock,
          }),
          viewer: { name: 'test', scopes },
          expiry: createExpiry(new Date(), 30),
          inTurn: async () => undefined,
          inTurnAndTime: async () => undefined,
        };
        const stages = stageIndex.snapshot;
        const { usageOf } = stages();
        const clientCertificates = createClientCertificates({ cache, accountRegion, clock: systemClock })({
          ...operation,
          usageOf: ({ clientCertificateId }) => usageOf(clientCertificateId),
        });
        const contextValue = {
          clientCertificates,
          apiStages: createApiStages({
            ...operation,
            accountRegion,
            stages,
            renewStages: () => undefined,
            index: stageIndex,
            moves: createMoves(),
            clock: systemClock,
            clientCertificates,
          }),
          fieldErrors: createFieldErrors(),
        };
        return JSON.parse(JSON.stringify(await graphql({ schema: extended, source, contextValue })));
      });
    return violations(extended, leaves, missing, ask);
  }

  test('a certificate on Query, a text on Query that is read from AWS, a certificate in a payload', async () => {
    const found = await violationsWith(
      `extend type Query { forgetfulCertificate: ClientCertificate forgetfulTexts(a: Int!): [String] }
      extend type DeleteClientCertificatePayload { forgetfulCertificate: ClientCertificate }`,
      READ,
    );
    const onQuery = 'Query.forgetfulCertificate.';
    expect(found).toContain(`${onQuery}pemEncodedCertificate tells a secret`);
    expect(found).toContain(`${onQuery}arn is not refused`);
    const text = 'Query.forgetfulTexts ';
    expect(found.filter((complaint) => complaint.startsWith(text))).toEqual([
      `${text}reads`,
      `${text}tells a secret`,
    ]);
    const inPayload = 'Mutation.deleteClientCertificate.DeleteClientCertificatePayload.forgetfulCertificate.';
    expect(found).toContain(`${inPayload}pemEncodedCertificate tells a secret`);
    const ways = [onQuery, text, inPayload];
    expect(found.filter((complaint) => !ways.some((way) => complaint.startsWith(way)))).toEqual([]);
  }, 60_000);

  test('a mutation', async () => {
    expect(await violationsWith('extend type Mutation { forgetfulWrite: Int }', WRITE)).toEqual([
      'Mutation.forgetfulWrite writes',
      'Mutation.forgetfulWrite is not refused',
    ]);
  }, 60_000);
});

describe('in any form of the operation', () => {
  const ID = globalIdOf(0);

  test.each([
    ['aliases', `{ a: clientCertificate(id: "c000") { id } b: node(id: "${ID}") { id } }`],
    ['a fragment', `{ node(id: "${ID}") { ...F } } fragment F on ClientCertificate { x509 { subject } }`],
    [
      'nested fragments',
      `{ ...Q } fragment Q on Query { nodes(ids: ["${ID}"]) { ... on Node { ... on ClientCertificate { arn } } } }`,
    ],
    [
      'a directive',
      `{ clientCertificate(id: "c000") @include(if: true) { pem: pemEncodedCertificate @skip(if: false) } }`,
    ],
    [
      '__typename alone',
      `{ node(id: "${ID}") { __typename } clientCertificate(id: "c000") { __typename } clientCertificates { __typename } }`,
    ],
    ['a count alone', '{ clientCertificates { totalCount } }'],
    ['page info alone', '{ clientCertificates(last: 1) { pageInfo { hasNextPage } } }'],
    ['an id that does not exist', '{ clientCertificate(id: "none") { id } }'],
  ])('a read is refused without read: %s', async (_, source) => {
    const { as } = await start(1);
    const { answer, calls } = await as('writer')(source);
    expect(isRefused(answer, READ), JSON.stringify(answer)).toBe(true);
    expect(calls).toEqual([]);
  });

  test('invalid input is not even looked at without the scope', async () => {
    const { as } = await start(1);
    const read = await as('writer')(
      '{ clientCertificate(id: "?") { id } clientCertificates(first: -1) { __typename } }',
    );
    expect(isRefused(read.answer, READ)).toBe(true);
    for (const field of [
      'generateClientCertificate(input: { tags: [{ key: "", value: "" }] })',
      'updateClientCertificate(input: { id: "?", description: "" })',
      'deleteClientCertificate(input: { id: "?", evenIfUsed: true })',
      'tagClientCertificate(input: { id: "?", tags: [] })',
      'untagClientCertificate(input: { id: "?", tagKeys: [] })',
    ]) {
      const { answer } = await as('reader')(`mutation { ${field} { __typename } }`);
      expect(isRefused(answer, WRITE), field).toBe(true);
    }
  });

  test('none of several mutations happens without the scope write', async () => {
    const { as } = await start(1);
    const { answer, calls } = await as('reader')(`mutation {
      a: deleteClientCertificate(input: { id: "c000", evenIfUsed: true }) { ... on Error { code } }
      b: generateClientCertificate(input: {}) { ...F }
    } fragment F on GenerateClientCertificateResult { __typename }`);
    expect(isRefused(answer, WRITE)).toBe(true);
    expect(calls).toEqual([]);
  });

  test('a client with the scope write alone gets the payload without the certificate', async () => {
    const { as } = await start(1);
    const update = (selection: string) =>
      `mutation { updateClientCertificate(input: { id: "c000", description: "x", clientMutationId: "m" }) {
        ... on UpdateClientCertificatePayload { ${selection} } } }`;
    expect(await as('writer')(update('clientMutationId'))).toEqual({
      answer: { data: { updateClientCertificate: { clientMutationId: 'm' } } },
      calls: ['UpdateClientCertificate'],
    });
    const { answer, calls } = await as('writer')(
      update('clientMutationId clientCertificate { tags { value } }'),
    );
    expect(isRefused(answer, READ)).toBe(true);
    expect(answer.errors?.[0]?.path).toEqual(['updateClientCertificate', 'clientCertificate']);
    expect(calls).toEqual(['UpdateClientCertificate']);
  });
});

test('the metrics, which name certificates, require the scope as well', async () => {
  const API_KEYS = [apiKeyEntry('reader', 'r', READ), apiKeyEntry('writer', 'w', WRITE)].join(',');
  const { server } = await startService({ env: { AUTH: 'api-key', API_KEYS } });
  const ask = (key: string) => server.fetch('http://localhost/metrics', { headers: { 'x-api-key': key } });
  expect((await ask('r')).status).toBe(200);
  const refused = await ask('w');
  expect(refused.status).toBe(403);
  expect(await refused.json()).toEqual({
    errors: [
      {
        message: `Requires the scope ${READ}.`,
        extensions: {
          code: 'FORBIDDEN',
          requiredScope: READ,
          requestId: refused.headers.get('x-request-id'),
        },
      },
    ],
  });
});

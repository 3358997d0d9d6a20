import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeGlobalId } from '../../src/relay/global-id.ts';
import { runs } from '../support/runs.ts';
import { arnIn, withIds } from './places.ts';
import { PROD_EU, STAGING_EU, startEverywhere } from './support.ts';

const LOOKUPS = `query ($id: ID!, $representations: [_Any!]!) {
  node(id: $id) { id }
  clientCertificate(id: $id) { id }
  _entities(representations: $representations) { __typename }
  apiStages(filter: { clientCertificate: $id }) { totalCount }
}`;

const CHANGES = `mutation ($id: ID!) {
  update: updateClientCertificate(input: { id: $id, description: "new" }) { ... on Error { code } }
  tag: tagClientCertificate(input: { id: $id, tags: [{ key: "k", value: "v" }] }) { ... on Error { code } }
  delete: deleteClientCertificate(input: { id: $id }) { ... on Error { code } }
  replace: replaceClientCertificate(input: { id: $id, with: $id, stages: [$id], dryRun: true }) { ... on Error { code } }
  test: testClientCertificate(input: { id: $id, stage: $id }) { ... on Error { code } }
  generate: generateClientCertificate(input: { replaces: $id, account: "prod" }) { ... on Error { code } }
}`;

/** Ids and ARNs with parts that are right, wrong or missing. */
const account = fc.constantFrom('', '111111111111:', '999999999999:', '1111:', ':');
const partition = fc.constantFrom('aws', 'aws-cn', 'AWS', '');
const region = fc.constantFrom('eu-central-1', 'us-east-1', 'sa-east-1', '', 'eu\ncentral', '__proto__');
const path = fc.constantFrom(
  '/clientcertificates/a1',
  '/clientcertificates/both',
  '/restapis/r0/stages/prod',
  '/',
  '',
);
const arn = fc
  .tuple(account, partition, region, path)
  .map(([account, partition, region, path]) => `${account}arn:${partition}:apigateway:${region}::${path}`);
const typename = fc.constantFrom('ClientCertificate', 'ApiStage', 'Tag');
const globalId = fc.tuple(typename, arn).map(([typename, arn]) => encodeGlobalId(typename, arn));
const id = fc.oneof(
  arn,
  globalId,
  fc.constantFrom('a1', 'both', 'nobody', 'constructor', ''),
  fc.string({ unit: 'binary' }),
  fc.base64String(),
);

test('whatever an id is, the answer is no other error than that it is wrong, or of nothing', async () => {
  const { query } = await startEverywhere({
    seeds: { [PROD_EU]: withIds('both', 'a1'), [STAGING_EU]: withIds('both', 'c1') },
    env: { CACHE_TTL_MS: '60000' },
  });
  await fc.assert(
    fc.asyncProperty(id, fc.option(account), async (text, accountId) => {
      const representations = [
        { __typename: 'ClientCertificate', id: text },
        { __typename: 'ClientCertificate', clientCertificateId: text },
        { __typename: 'ClientCertificate', arn: text, accountId },
        { __typename: 'ClientCertificate', arn: arnIn(PROD_EU, 'a1'), accountId: text },
        { __typename: 'ApiStage', id: text },
      ];
      const { errors = [] } = await query(LOOKUPS, { id: text, representations });
      for (const { extensions } of errors) expect(extensions['code']).toBe('BAD_USER_INPUT');
      const { data, errors: others } = await query(CHANGES, { id: text });
      expect(others).toBeUndefined();
      // `a1` is everybody's to change, and may be gone after that
      for (const answer of Object.values<{ code?: string }>(data))
        expect([undefined, 'BAD_USER_INPUT', 'NOT_FOUND', 'CONFLICT']).toContain(answer.code);
    }),
    { numRuns: runs(150) },
  );
});

import { expect, test } from 'vitest';
import { emulate } from './support.ts';

const DOCS = 'https://docs.aws.amazon.com/apigateway/latest/developerguide';
const curie = (name: string) => ({ href: `${DOCS}/restapi-${name}-{rel}.html`, name, templated: true });
const template = (href: string) => ({ href, templated: true });

const createdDate = new Date('2016-04-15T17:53:35Z');

/** The API of the samples, asked by a client without preferences. */
async function emulateSample() {
  const { http } = await emulate({
    now: () => createdDate,
    restApis: [
      {
        id: 'uycll6xg9a',
        name: 'PetStore',
        stages: [
          { stageName: 'beta', deploymentId: 'vakw79', variables: { version: 'v-beta' } },
          { stageName: 'prod', cacheClusterEnabled: true, cacheClusterSize: '0.5' },
        ],
      },
      { id: 'zzzzzzzzzz' },
    ],
  });
  return async (path: string, init: RequestInit = {}) =>
    (await http(path, { ...init, headers: { accept: '*/*' } })).body;
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_GetStages.html */
const beta = {
  _links: {
    self: { href: '/restapis/uycll6xg9a/stages/beta' },
    'stage:delete': { href: '/restapis/uycll6xg9a/stages/beta' },
    'stage:flush-authorizer-cache': { href: '/restapis/uycll6xg9a/stages/beta/cache/authorizers' },
    'stage:update': { href: '/restapis/uycll6xg9a/stages/beta' },
  },
  cacheClusterEnabled: false,
  cacheClusterStatus: 'NOT_AVAILABLE',
  createdDate: '2016-04-15T17:53:35Z',
  deploymentId: 'vakw79',
  lastUpdatedDate: '2016-04-15T17:53:35Z',
  methodSettings: {},
  stageName: 'beta',
  tracingEnabled: false,
  variables: { version: 'v-beta' },
};

test('the list of stages is the sample of AWS', async () => {
  const hal = await emulateSample();
  expect(await hal('/restapis/uycll6xg9a/stages')).toEqual({
    _links: {
      curies: curie('stage'),
      self: template('/restapis/uycll6xg9a/stages{?deployment_id}'),
      item: [{ href: '/restapis/uycll6xg9a/stages/beta' }, { href: '/restapis/uycll6xg9a/stages/prod' }],
      'stage:by-name': template('/restapis/uycll6xg9a/stages/{stage_name}'),
      'stage:create': { href: '/restapis/uycll6xg9a/stages' },
    },
    _embedded: { item: [beta, expect.objectContaining({ stageName: 'prod' })] },
  });
});

test('a list of one stage has an object, as in the other lists of AWS', async () => {
  const hal = await emulateSample();
  const { _links, _embedded } = await hal('/restapis/uycll6xg9a/stages?deployment_id=vakw79');
  expect(_links.item).toEqual({ href: '/restapis/uycll6xg9a/stages/beta' });
  expect(_embedded).toEqual({ item: beta });
});

test('a stage with a cache has a link to flush it', async () => {
  const hal = await emulateSample();
  const { _links } = await hal('/restapis/uycll6xg9a/stages/beta');
  expect(_links).toEqual({ curies: curie('stage'), ...beta._links });
  const update = { method: 'PATCH', body: '{"patchOperations":[]}' };
  expect((await hal('/restapis/uycll6xg9a/stages/prod', update))._links).toMatchObject({
    'stage:flush-cache': { href: '/restapis/uycll6xg9a/stages/prod/cache/data' },
  });
});

test('the list of REST APIs is the sample of AWS', async () => {
  const hal = await emulateSample();
  const { _links, _embedded } = await hal('/restapis?limit=1');
  expect(_links).toEqual({
    curies: ['authorizer', 'deployment', 'model', 'resource', 'restapi', 'stage'].map(curie),
    self: { href: '/restapis?limit=1' },
    item: { href: '/restapis/uycll6xg9a' },
    next: { href: '/restapis?position=aWQ9U3V5Y2xsNnhnOWE%3D&limit=1' },
    'restapi:by-id': template('/restapis/{restapi_id}'),
    'restapi:create': { href: '/restapis' },
    'restapi:put': template('/restapis/{restapi_id}?failonwarnings=false{&mode}'),
  });
  expect(_embedded.item).toMatchObject({
    _links: {
      self: { href: '/restapis/uycll6xg9a' },
      'resource:create': { href: '/restapis/uycll6xg9a/resources/uycll6xg9aroot' },
      'restapi:stages': template('/restapis/uycll6xg9a/stages{?deployment_id}'),
      'stage:create': { href: '/restapis/uycll6xg9a/stages' },
    },
    createdDate: '2016-04-15T17:53:35Z',
    id: 'uycll6xg9a',
    name: 'PetStore',
  });
});

test('deployments, resources, methods and integrations have the links of the samples of AWS', async () => {
  const hal = await emulateSample();
  const api = '/restapis/uycll6xg9a';
  expect(await hal(`${api}/deployments`)).toMatchObject({
    _links: {
      'deployment:by-id': template(`${api}/deployments/{deployment_id}{?embed}`),
      item: { href: `${api}/deployments/uycll6xg9adeployment` },
    },
    _embedded: {
      item: {
        _links: {
          'deployment:stages': { href: `${api}/stages?deployment_id=uycll6xg9adeployment` },
        },
        createdDate: '2016-04-15T17:53:35Z',
      },
    },
  });
  const root = `${api}/resources/uycll6xg9aroot`;
  const { _links, _embedded } = await hal(`${api}/resources`);
  expect(_links).toMatchObject({ 'resource:create': template(`${api}/resources/{parent_id}`) });
  expect(_embedded.item[0]).toEqual({
    _links: {
      self: { href: root },
      'method:by-http-method': template(`${root}/methods/{http_method}`),
      'method:put': template(`${root}/methods/{http_method}`),
      'resource:create-child': { href: root },
      'resource:methods': { href: `${root}/methods/ANY`, name: 'ANY', title: 'ANY' },
      'resource:update': { href: root },
    },
    id: 'uycll6xg9aroot',
    path: '/',
  });
  const get = `${root}/methods/GET`;
  expect(await hal(get, { method: 'PUT', body: '{"authorizationType":"NONE"}' })).toMatchObject({
    _links: {
      self: { href: get, name: 'GET', title: 'GET' },
      'integration:put': { href: `${get}/integration` },
    },
    authorizationType: 'NONE',
  });
  expect(await hal(`${get}/integration`, { method: 'PUT', body: '{"type":"MOCK"}' })).toMatchObject({
    _links: { self: { href: `${get}/integration` }, 'integration:delete': { href: `${get}/integration` } },
    type: 'MOCK',
  });
});

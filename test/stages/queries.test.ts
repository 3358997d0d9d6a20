import { describe, expect, test } from 'vitest';
import { encodeGlobalId } from '../../src/relay/global-id.ts';
import { examples, globalIdOf, restApis } from '../support/service.ts';
import { START, startCrawling } from '../support/stages.ts';

const ACM = 'arn:aws:acm:us-east-1:111111111111:certificate/0f1e2d3c';
const arnOf = (path: string) => `arn:aws:apigateway:us-east-1::${path}`;
const idOf = (path: string) => encodeGlobalId('ApiStage', arnOf(path));

/** Stages of each kind. `c000` is valid and on two of them, `c001` has expired, `gone` does not exist, and `c002` is on none. */
const ACCOUNT = {
  examples: [
    { id: 'c000', createdDate: new Date(START.getTime() - 86_400_000) },
    { id: 'c001', createdDate: new Date(START.getTime() - 400 * 86_400_000) },
    { id: 'c002', createdDate: START },
  ],
  restApis: [
    {
      id: 'r000',
      name: 'Payments',
      stages: [
        { stageName: 'prod', clientCertificateId: 'c000', lastUpdatedDate: 1_790_000_000 },
        { stageName: 'test', clientCertificateId: 'c001' },
      ],
    },
    {
      id: 'r001',
      stages: [
        { stageName: 'acm', clientCertificateId: ACM },
        { stageName: 'gone', clientCertificateId: 'gone' },
        { stageName: 'none' },
        { stageName: 'odd', clientCertificateId: 'No/Id!' },
      ],
    },
  ],
  apis: [{ apiId: 'w000', name: 'Prices', stages: [{ stageName: 'live', clientCertificateId: 'c000' }] }],
};

async function start(env: Record<string, string> = {}) {
  const service = await startCrawling({ emulator: ACCOUNT, env });
  await service.pass(10_000);
  return {
    ...service,
    /** The last parts of the ARNs of the stages that match. */
    matching: async (filter: string): Promise<string[]> => {
      const { data, errors } = await service.query(
        `{ apiStages(filter: ${filter}) { totalCount nodes { arn } } }`,
      );
      expect(errors).toBeUndefined();
      const arns: string[] = data.apiStages.nodes.map(({ arn }: { arn: string }) => arn);
      expect(data.apiStages.totalCount).toBe(arns.length);
      return arns.map((arn) => arn.slice(arn.lastIndexOf('/') + 1));
    },
  };
}

describe('a stage', () => {
  test('has what AWS says of it, and its certificate', async () => {
    const { query } = await start();
    const { data } = await query(`{
      apiStages(first: 1, filter: { clientCertificate: "c000", certificateSource: [API_GATEWAY] }) {
        edges { node {
          id arn name certificateSource certificateReference lastUpdatedDate readAt
          api { apiId name protocol }
          clientCertificate { clientCertificateId usage }
        } }
        totalCount
        index { apis apisRead complete }
      }
    }`);
    expect(data.apiStages).toMatchObject({ totalCount: 2, index: { apis: 3, apisRead: 3, complete: true } });
    expect(data.apiStages.edges[0].node).toEqual({
      id: idOf('/apis/w000/stages/live'),
      arn: arnOf('/apis/w000/stages/live'),
      name: 'live',
      certificateSource: 'API_GATEWAY',
      certificateReference: 'c000',
      lastUpdatedDate: START.toISOString(),
      readAt: new Date(START.getTime() + 4000).toISOString(),
      api: { apiId: 'w000', name: 'Prices', protocol: 'WEBSOCKET' },
      clientCertificate: { clientCertificateId: 'c000', usage: 'IN_USE' },
    });
  });

  test('has no client certificate if it has none, one of ACM, or one that does not exist', async () => {
    const { query, callsOf } = await start();
    const calls = await callsOf(async () => {
      const { data, errors } = await query(`{
        apiStages { nodes { name certificateSource certificateReference clientCertificate { clientCertificateId } } }
      }`);
      expect(errors).toBeUndefined();
      const rows = data.apiStages.nodes.map(
        (node: Record<string, { clientCertificateId: string } | string>) => Object.values(node),
      );
      expect(rows).toEqual([
        ['live', 'API_GATEWAY', 'c000', { clientCertificateId: 'c000' }],
        ['prod', 'API_GATEWAY', 'c000', { clientCertificateId: 'c000' }],
        ['test', 'API_GATEWAY', 'c001', { clientCertificateId: 'c001' }],
        ['acm', 'ACM', ACM, null],
        ['gone', 'API_GATEWAY', 'gone', null],
        ['none', 'NONE', null, null],
        ['odd', 'API_GATEWAY', 'No/Id!', null],
      ]);
    });
    expect(calls).toEqual(['GetClientCertificates']); // for all certificates of the page together
  });

  test('is found by its global id, and by other subgraphs', async () => {
    const { query, callsOf } = await start();
    const id = idOf('/restapis/r000/stages/prod');
    const calls = await callsOf(async () => {
      const { data } = await query(`{
        node(id: "${id}") { id ... on ApiStage { name } }
        nodes(ids: ["${idOf('/restapis/r000/stages/nope')}", "${id}"]) { id }
        _entities(representations: [{ __typename: "ApiStage", id: "${id}" }]) { ... on ApiStage { arn } }
      }`);
      expect(data).toEqual({
        node: { id, name: 'prod' },
        nodes: [null, { id }],
        _entities: [{ arn: arnOf('/restapis/r000/stages/prod') }],
      });
    });
    expect(calls).toEqual([]);
  });

  test.each([
    [encodeGlobalId('ApiStage', 'prod'), 'expected a global id of this region'],
    [encodeGlobalId('ApiStage', arnOf('/restapis/r000')), 'expected a global id of this region'],
    [
      encodeGlobalId('ApiStage', `${arnOf('/restapis/r000/stages/prod')}/x`),
      'expected a global id of this region',
    ],
    [
      encodeGlobalId('ApiStage', 'arn:aws:apigateway:eu-west-1::/restapis/r000/stages/prod'),
      'expected a stage of the region us-east-1, got one of another region, eu-west-1',
    ],
    [
      encodeGlobalId('ApiStage', 'arn:aws-cn:apigateway:us-east-1::/restapis/r000/stages/prod'),
      'expected a global id of this region',
    ],
  ])('is not %s', async (id, complaint) => {
    const { query } = await start();
    const { data, errors } = await query('query ($id: ID!) { node(id: $id) { id } }', { id });
    expect(data).toEqual({ node: null });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(errors?.[0]?.message).toContain(complaint);
  });
});

describe('a filter of stages', () => {
  test.each([
    ['{}', ['live', 'prod', 'test', 'acm', 'gone', 'none', 'odd']],
    ['{ certificateSource: [ACM, NONE] }', ['acm', 'none']],
    ['{ clientCertificate: "c000" }', ['live', 'prod']],
    [`{ clientCertificate: "${globalIdOf('c001')}" }`, ['test']],
    [`{ clientCertificate: "${arnOf('/clientcertificates/c001')}" }`, ['test']],
    ['{ clientCertificate: "gone" }', ['gone']],
    ['{ clientCertificate: "c002" }', []],
    ['{ clientCertificateStatus: [EXPIRED] }', ['test']],
    ['{ clientCertificateStatus: [VALID, EXPIRING] }', ['live', 'prod']],
    ['{ danglingReference: true }', ['gone', 'odd']],
    ['{ danglingReference: false }', ['live', 'prod', 'test', 'acm', 'none']],
    ['{ danglingReference: false, certificateSource: [API_GATEWAY] }', ['live', 'prod', 'test']],
    ['{ clientCertificate: "c000", clientCertificateStatus: [EXPIRED] }', []],
    [
      '{ certificateSource: null, clientCertificate: null, danglingReference: null }',
      ['live', 'prod', 'test', 'acm', 'gone', 'none', 'odd'],
    ],
  ])('%s finds %j', async (filter, names) => {
    const { matching } = await start();
    expect(await matching(filter)).toEqual(names);
  });

  test('that needs the certificates reads them in one call, and any other in none', async () => {
    const { matching, callsOf } = await start();
    expect(await callsOf(async () => matching('{ danglingReference: true }'))).toEqual([
      'GetClientCertificates',
    ]);
    expect(await callsOf(async () => matching('{ clientCertificate: "c000" }'))).toEqual([]);
  });

  test('that is wrong is refused with all complaints at once, and AWS is not asked', async () => {
    const { query, callsOf } = await start();
    const calls = await callsOf(async () => {
      const { errors } = await query(`{ apiStages(first: 501, last: 1, after: "x", filter: {
        certificateSource: [], clientCertificateStatus: [], clientCertificate: "a b"
      }) { totalCount } }`);
      expect(errors).toMatchObject([
        {
          extensions: {
            code: 'BAD_USER_INPUT',
            issues: [
              { path: ['filter', 'certificateSource'] },
              { path: ['filter', 'clientCertificateStatus'] },
              { path: ['filter', 'clientCertificate'] },
              { path: ['first'] },
              { path: ['last'] },
              { path: ['after'] },
            ],
          },
        },
      ]);
    });
    expect(calls).toEqual([]);
  });
});

describe('a certificate', () => {
  test('has the stages that use it, page by page', async () => {
    const { query } = await start();
    const page = (args: string) => `{ clientCertificate(id: "c000") {
      usage stages(${args}) { nodes { name } edges { cursor } pageInfo { hasNextPage endCursor } totalCount index { complete } }
    } }`;
    const { data: first } = await query(page('first: 1'));
    const { stages, usage } = first.clientCertificate;
    expect({ usage, ...stages }).toMatchObject({
      usage: 'IN_USE',
      nodes: [{ name: 'live' }],
      pageInfo: { hasNextPage: true },
      totalCount: 2,
      index: { complete: true },
    });
    const { data: second } = await query(page(`first: 1, after: "${stages.pageInfo.endCursor}"`));
    expect(second.clientCertificate.stages).toMatchObject({
      nodes: [{ name: 'prod' }],
      pageInfo: { hasNextPage: false },
    });
    const { errors } = await query(`{ clientCertificate(id: "c001") {
      stages(after: "${stages.pageInfo.endCursor}") { totalCount }
    } }`);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]); // a cursor of another list
  });

  test('is found by its usage', async () => {
    const { query } = await start();
    const used = async (usage: string) => {
      const { data } = await query(
        `{ clientCertificates(filter: { usage: [${usage}] }) { nodes { clientCertificateId } } }`,
      );
      return data.clientCertificates.nodes.map((node: object) => Object.values(node)[0]);
    };
    expect(await used('IN_USE')).toEqual(['c000', 'c001']);
    expect(await used('UNUSED')).toEqual(['c002']);
    expect(await used('UNKNOWN')).toEqual([]);
    expect(await used('UNUSED, IN_USE')).toEqual(['c000', 'c001', 'c002']);
    const { errors } = await query('{ clientCertificates(filter: { usage: [] }) { totalCount } }');
    expect(errors).toMatchObject([{ extensions: { issues: [{ path: ['filter', 'usage'] }] } }]);
  });

  test('costs no call for its usage and its stages, also on a page of 500', async () => {
    const { query, callsOf } = await startCrawling({
      emulator: {
        examples: examples(500),
        restApis: restApis(2, (i) => [{ stageName: 'prod', clientCertificateId: `c00${i}` }]),
      },
    });
    const calls = await callsOf(async () => {
      const { data } = await query(
        '{ clientCertificates(first: 500) { nodes { usage stages(first: 5) { totalCount nodes { name } } } } }',
      );
      expect(data.clientCertificates.nodes).toHaveLength(500);
    });
    expect(calls.filter((call) => call.includes('ClientCertificate'))).toEqual(['GetClientCertificates']);
  });

  test('has its place in the limits: pages of stages on pages of certificates multiply', async () => {
    const { query } = await start();
    const { errors } = await query(
      '{ clientCertificates(first: 500) { nodes { stages(first: 500) { nodes { name } } } } }',
    );
    expect(errors).toMatchObject([{ extensions: { code: 'OPERATION_TOO_LARGE' } }]);
  });
});

describe('a certificate that replaces another', () => {
  const day = (days: number) => new Date(START.getTime() - days * 86_400_000);
  const replaces = (id: string) => ({ 'certway:replaces': id });
  const CERTIFICATES = [
    { id: 'old', createdDate: day(300) },
    { id: 'new', createdDate: day(2), tags: replaces('old') },
    { id: 'copy', createdDate: day(1), tags: replaces('old') },
    { id: 'self', createdDate: day(1), tags: replaces('self') },
    { id: 'orphan', createdDate: day(1), tags: replaces('deleted') },
    { id: 'odd', createdDate: day(1), tags: replaces('No id') },
    { id: 'newest', createdDate: day(0), tags: replaces('new') },
  ];

  test('names it, and is named by it; of several, the first that was generated', async () => {
    const { query, callsOf } = await startCrawling({ emulator: { examples: CERTIFICATES } });
    const calls = await callsOf(async () => {
      const { data } = await query(`{ clientCertificates { nodes {
        clientCertificateId replaces { clientCertificateId } replacedBy { clientCertificateId replaces { clientCertificateId } }
      } } }`);
      type Related = { clientCertificateId: string } | null;
      type Node = { clientCertificateId: string; replaces: Related; replacedBy: Related };
      const rows = data.clientCertificates.nodes.map((node: Node): [string, unknown] => [
        node.clientCertificateId,
        [node.replaces?.clientCertificateId, node.replacedBy?.clientCertificateId],
      ]);
      expect(Object.fromEntries(rows)).toEqual({
        old: [undefined, 'new'],
        new: ['old', 'newest'],
        copy: ['old', undefined],
        self: [undefined, undefined],
        orphan: [undefined, undefined],
        odd: [undefined, undefined],
        newest: ['new', undefined],
      });
    });
    expect(calls.filter((call) => call.includes('ClientCertificate'))).toEqual([
      'GetClientCertificates', // the page
      'GetClientCertificates', // all of them
    ]);
  });
});

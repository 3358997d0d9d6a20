import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { clientOf, emulate, walk } from '../emulator/support.ts';
import { emptyFolder, run, serve } from '../support/process.ts';

const EXAMPLES = ['a1b2c3', 'd4e5f6', 'g7h8i9', 'j1k2l3', 'm4n5o6'];
const LIST = '{ clientCertificates { nodes { clientCertificateId } } }';
const GENERATE =
  'mutation { generateClientCertificate(input: {}) { ... on GenerateClientCertificatePayload { clientCertificate { clientCertificateId } } } }';

/** Writes the host of every connection that the process opens to its stderr. */
const TELL_CONNECTIONS = [
  '--import',
  `data:text/javascript,${encodeURIComponent(`
    import { Socket } from 'node:net';
    const { connect } = Socket.prototype;
    Socket.prototype.connect = function (...args) {
      const [{ host, port }] = [args[0]].flat();
      process.stderr.write('connects to ' + host + ':' + port + '\\n');
      return connect.apply(this, args);
    };
  `)}`,
];

const idsOf = (nodes: { clientCertificateId: string }[]) => nodes.map((node) => node.clientCertificateId);

describe('the service', () => {
  test('prints the URLs of GraphQL and of the emulator, and a command for the AWS CLI', async () => {
    const { stop } = await serve();
    const { stdout, stderr } = await stop();
    expect(stdout).toMatch(
      new RegExp(
        [
          '^A page for people at http://127\\.0\\.0\\.1:\\d+/\\nGraphQL and GraphiQL at http://127\\.0\\.0\\.1:\\d+/graphql',
          'Emulator of API Gateway at (http://127\\.0\\.0\\.1:\\d+)\\. It has the same certificates for the AWS CLI:',
          '',
          '  AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any aws apigateway get-client-certificates --region us-east-1 --endpoint-url \\1',
          '\n$',
        ].join('\n'),
      ),
    );
    expect(stderr).toBe('');
  });

  test('has the examples, and the same certificates as its emulator', async () => {
    const { query, printed } = await serve();
    const { data } = await query(LIST);
    expect(idsOf(data.clientCertificates.nodes)).toEqual(EXAMPLES);
    const made = (await query(GENERATE)).data.generateClientCertificate.clientCertificate.clientCertificateId;
    const endpoint = await printed(/(?<=--endpoint-url )\S+/);
    expect(await walk(clientOf(endpoint), 500)).toEqual([...EXAMPLES, made].toSorted());
  });

  test('keeps certificates across a restart in EMULATOR_PATH, which is empty at first', async () => {
    const EMULATOR_PATH = join(await emptyFolder(), 'emulator.sqlite');
    const first = await serve({ EMULATOR_PATH });
    expect((await first.query(LIST)).data.clientCertificates.nodes).toEqual([]);
    const made = (await first.query(GENERATE)).data.generateClientCertificate.clientCertificate;
    expect(await first.stop()).toMatchObject({ code: 0, stderr: '' });
    const second = await serve({ EMULATOR_PATH });
    expect((await second.query(LIST)).data.clientCertificates.nodes).toEqual([made]);
  });

  test('opens connections only to its emulator, however the SDK is configured', async () => {
    const aws = await emulate();
    const { query, printed, stop } = await serve(
      {
        AWS_ENDPOINT_URL_API_GATEWAY: aws.url,
        AWS_ENDPOINT_URL: aws.url,
        AWS_PROFILE: 'production',
        AWS_REGION: 'eu-west-1',
      },
      TELL_CONNECTIONS,
    );
    const { nodes } = (await query(LIST)).data.clientCertificates;
    expect(idsOf(nodes)).toEqual(EXAMPLES);
    const emulator = new URL(await printed(/(?<=--endpoint-url )\S+/)).host;
    const { stderr } = await stop();
    expect(new Set(stderr.trim().split('\n'))).toEqual(new Set([`connects to ${emulator}`]));
  });
});

describe('on AWS', () => {
  const aws = { UPSTREAM: 'aws', AWS_REGION: 'eu-west-1' };

  test('the endpoint, the region and the credentials are those of the SDK', async () => {
    const examples = [{ id: 'far4wy', createdDate: new Date() }];
    const { url } = await emulate({
      accountRegions: [{ accountId: '123456789012', region: 'eu-west-1', examples }],
    });
    const { query, stop } = await serve({
      ...aws,
      AWS_ENDPOINT_URL_API_GATEWAY: url,
      AWS_ACCESS_KEY_ID: 'any',
      AWS_SECRET_ACCESS_KEY: 'any',
    });
    const { data } = await query('{ clientCertificates { nodes { arn } } }');
    const arn = 'arn:aws:apigateway:eu-west-1::/clientcertificates/far4wy';
    expect(data).toEqual({ clientCertificates: { nodes: [{ arn }] } });
    await query(GENERATE);
    expect(await walk(clientOf(url, { region: 'eu-west-1' }), 500)).toHaveLength(2);
    expect((await stop()).stdout).toMatch(
      /^A page for people at \S+\nGraphQL and GraphiQL at \S+\nOn AWS, region eu-west-1\n/,
    );
  });

  test('without credentials a query is UPSTREAM_DENIED, and no connection is opened', async () => {
    const { query, stop } = await serve(aws, TELL_CONNECTIONS);
    const { errors = [] } = await query(LIST);
    expect(errors.map(({ extensions }) => extensions['code'])).toEqual(['UPSTREAM_DENIED']);
    const { stdout, stderr } = await stop();
    expect(stdout).toContain('CredentialsProviderError');
    expect(stderr).toBe('');
  });
});

test('"emulator" starts the AWS API alone', async () => {
  const { printed, stop } = await run(['emulator']);
  const endpoint = await printed(/(?<=--endpoint-url )\S+/);
  expect(await walk(clientOf(endpoint), 500)).toEqual(EXAMPLES);
  expect((await stop()).stdout).toMatch(
    /^Emulator of API Gateway at http:\S+\. Try:\n\n {2}AWS_ACCESS_KEY_ID=any .+\n\n$/,
  );
});

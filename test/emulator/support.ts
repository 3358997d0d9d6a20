import { once } from 'node:events';
import type { Server } from 'node:http';
import {
  APIGatewayClient,
  type APIGatewayClientConfig,
  type ClientCertificate,
  DeleteClientCertificateCommand,
  GenerateClientCertificateCommand,
  type GenerateClientCertificateCommandInput,
  GetClientCertificatesCommand,
} from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2Client, type ApiGatewayV2ClientConfig } from '@aws-sdk/client-apigatewayv2';
import { type AssumeRoleCommandOutput, STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import { onTestFinished } from 'vitest';
import { createEmulator, type EmulatorOptions } from '../../src/emulator/index.ts';
import { generateRsaKeyPair } from '../../src/emulator/x509.ts';

/** Of the length of AWS's. Made once, since a key pair takes a tenth of a second or more. */
export const oneKeyPair = generateRsaKeyPair();

/** It has half of the bits of AWS's, so that a certificate is signed in a sixth of the time. Backends with TLS refuse it. */
const quickKeyPair = generateRsaKeyPair(1024);

/** An emulator of the running test: one key pair for all its certificates, no throttle. */
export async function emulate(options: EmulatorOptions = {}) {
  const generateKeyPair = () => (options.backendCa === undefined ? quickKeyPair : oneKeyPair);
  const server = createEmulator({ requestsPerSecond: 0, generateKeyPair, ...options });
  const url = await listen(server);
  const client = clientOf(url);
  onTestFinished(() => stop(server));
  return { url, client, server, http: (path: string, init?: RequestInit) => http(url + path, init) };
}

/** Answers where it listens. */
export async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The emulator has no address.');
  return `http://127.0.0.1:${address.port}`;
}

export async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

const ONE_ATTEMPT = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  maxAttempts: 1,
};

/** The real SDK, with one attempt a call, so that a test sees each answer. */
export const clientOf = (endpoint: string, config: APIGatewayClientConfig = {}): APIGatewayClient =>
  ofTest(new APIGatewayClient({ endpoint, ...ONE_ATTEMPT, ...config }));

/** The same for API Gateway V2. */
export const v2ClientOf = (endpoint: string, config: ApiGatewayV2ClientConfig = {}): ApiGatewayV2Client =>
  ofTest(new ApiGatewayV2Client({ endpoint, ...ONE_ATTEMPT, ...config }));

/** The same for STS. */
export const stsClientOf = (endpoint: string, config: STSClientConfig = {}): STSClient =>
  ofTest(new STSClient({ endpoint, ...ONE_ATTEMPT, ...config }));

/** A client whose connections are closed at the end of the test. */
function ofTest<C extends { destroy(): void }>(client: C): C {
  onTestFinished(() => client.destroy());
  return client;
}

/** The credentials in the answer to AssumeRole. */
export function credentialsOf({ Credentials }: AssumeRoleCommandOutput) {
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

/**
 * The account that a test of an operation speaks to: an emulator, or with `REMOTE=1` AWS itself, as the environment's
 * credentials and region have it. Nothing is known of what else is in there; what `generate` made is deleted after.
 */
export async function connect() {
  const client =
    process.env['REMOTE'] === '1' ? new APIGatewayClient({ maxAttempts: 10 }) : (await emulate()).client;
  const made = new Set<string>();
  onTestFinished(async () => {
    for (const clientCertificateId of made)
      await client.send(new DeleteClientCertificateCommand({ clientCertificateId })).catch(ignoreNotFound);
  });
  return {
    client,
    arn: async (id: string) =>
      `arn:aws:apigateway:${await client.config.region()}::/clientcertificates/${id}`,
    generate: async (input: GenerateClientCertificateCommandInput = {}) => {
      const certificate = await client.send(new GenerateClientCertificateCommand(input));
      made.add(idOf(certificate));
      return { ...certificate, clientCertificateId: idOf(certificate) };
    },
  };
}

export function idOf({ clientCertificateId }: ClientCertificate): string {
  if (clientCertificateId === undefined) throw new Error('The certificate has no id.');
  return clientCertificateId;
}

/** The ids of one page, and where the next begins. */
export async function page(client: APIGatewayClient, limit?: number, position?: string) {
  const { items = [], ...answer } = await client.send(new GetClientCertificatesCommand({ limit, position }));
  return { ids: items.map(idOf), position: answer.position };
}

/** The ids of all pages, in their order. */
export async function walk(client: APIGatewayClient, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let position: string | undefined;
  do {
    const next = await page(client, limit, position);
    ids.push(...next.ids);
    position = next.position;
  } while (position !== undefined);
  return ids;
}

/** One request without the SDK, with what every client of AWS sends. */
export async function http(url: string, { headers, ...init }: RequestInit = {}) {
  const response = await fetch(url, {
    ...init,
    headers: { authorization: AUTHORIZATION, accept: 'application/json', ...headers },
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

/** The sample request's, of https://docs.aws.amazon.com/apigateway/latest/api/API_GetClientCertificate.html. */
export const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20160615/us-east-1/apigateway/aws4_request, ' +
  'SignedHeaders=content-type;host;x-amz-date, Signature=00';

function ignoreNotFound(error: unknown): void {
  if (!(error instanceof Error && error.name === 'NotFoundException')) throw error;
}

import { GetStageCommand, UpdateStageCommand } from '@aws-sdk/client-api-gateway';
import { GetStageCommand as GetWebSocketStageCommand } from '@aws-sdk/client-apigatewayv2';
import type { EmulatorOptions } from '../../src/emulator/index.ts';
import type { ApiSeed, Example, RestApiSeed } from '../../src/emulator/seeds.ts';
import { encodeGlobalId } from '../../src/relay/global-id.ts';
import { v2ClientOf } from '../emulator/support.ts';
import { CREDENTIALS, createInProcess, type ServiceOptions, startService } from '../support/service.ts';
import { crawlUntilTheEnd } from '../support/stages.ts';

export const START = new Date('2026-11-28T12:00:00Z');

export const GET = 'GetStage';
export const UPDATE = 'UpdateStage';

/** The old certificate, the one that was generated to replace it, another one, and one that has expired. */
export const CERTIFICATES: Example[] = [
  { id: 'old', createdDate: new Date('2025-12-20T00:00:00Z') },
  { id: 'new', createdDate: new Date('2026-11-27T00:00:00Z'), tags: { 'certway:replaces': 'old' } },
  { id: 'other', createdDate: new Date('2026-11-26T00:00:00Z') },
  { id: 'expired', createdDate: new Date('2025-11-01T00:00:00Z') },
];

/** The global id of a stage, by the end of its ARN: `restapis/r000/stages/prod`. */
export const stageId = (path: string): string =>
  encodeGlobalId('ApiStage', `arn:aws:apigateway:us-east-1::/${path}`);

export const prod = (api: string): string => stageId(`restapis/${api}/stages/prod`);

/** REST APIs with these ids, whose stage `prod` has the old certificate. */
export const withOld = (...ids: string[]): RestApiSeed[] =>
  ids.map((id) => ({ id, stages: [{ stageName: 'prod', clientCertificateId: 'old' }] }));

export const REPLACE = `mutation ($input: ReplaceClientCertificateInput!) {
  result: replaceClientCertificate(input: $input) {
    __typename
    ... on ReplaceClientCertificatePayload {
      oldClientCertificate { clientCertificateId } newClientCertificate { clientCertificateId }
      outcomes { stage { name api { apiId } certificateReference } status error { code message } }
      remaining index { complete }
    }
    ... on Error { code message }
    ... on InvalidInputError { issues { path message } }
  }
}`;

export type ReplacingOptions = Pick<ServiceOptions, 'env' | 'headers' | 'now'> & {
  restApis?: RestApiSeed[];
  apis?: ApiSeed[];
  examples?: Example[];
  /** What goes wrong from the start. */
  fault?: NonNullable<EmulatorOptions['fault']>;
};

type Outcome = { stage: { name: string; api: { apiId: string } }; status: string; error: unknown };

/** Clocks for a service that reads the stages of all APIs once, as fast as it can, and again when `next` is called. */
function createRoundClock() {
  let nowMs = 0;
  let round = Promise.withResolvers<void>();
  let go = () => {};
  const waits: number[] = [];
  return {
    waits,
    clock: {
      elapsedMs: () => nowMs,
      wait: async (ms: number, signal?: AbortSignal): Promise<void> => {
        nowMs += ms;
        if (!signal) {
          waits.push(ms);
          return;
        }
        if (ms <= 1000) return; // its pace
        const { promise, resolve, reject } = Promise.withResolvers<void>();
        go = resolve;
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        round.resolve();
        await promise;
      },
    },
    pass: (ms: number) => {
      nowMs += ms;
    },
    first: async () => round.promise,
    next: async () => {
      round = Promise.withResolvers();
      nowMs += 600_000;
      go();
      await round.promise;
    },
  };
}

/** The service once it has read all stages. Its pauses take no time; `waits` has how long they would have been. */
export async function startReplacing(options: ReplacingOptions = {}) {
  const { restApis = withOld('r000', 'r001', 'r002'), apis = [], examples = CERTIFICATES, fault } = options;
  const { waits, clock, pass, first, next } = createRoundClock();
  const env = { STAGE_READS_PER_SECOND: '10', ...options.env };
  const service = await startService({
    // with the time of the SDK, which would otherwise sign again after an error
    emulator: { restApis, apis, examples, now: () => new Date() },
    env,
    ...(options.headers && { headers: options.headers }),
    clock,
    now: options.now ?? (() => START),
    elapsedMs: clock.elapsedMs,
  });
  if (fault) service.fail(fault);
  crawlUntilTheEnd(service.server);
  await first();
  const v2Client = v2ClientOf(service.endpoint);
  const fingerprintOf = async (id: string): Promise<string> => {
    const { data } = await service.query(`{ clientCertificate(id: "${id}") { x509 { fingerprintSha256 } } }`);
    return data.clientCertificate.x509.fingerprintSha256;
  };
  const fingerprints = new Map<string, string>();
  for (const { id = '' } of examples) fingerprints.set(id, await fingerprintOf(id));
  service.calls.length = 0;

  const inputOf = ({ id = 'old', with: to = 'new', ...input }: Record<string, unknown> = {}) => ({
    id,
    with: to,
    ...('dryRun' in input ? {} : { trustedFingerprintSha256: fingerprints.get(String(to)) }),
    ...input,
  });

  return {
    ...service,
    v2Client,
    clock,
    waits,
    fingerprints,
    /** Lets time pass in which nothing is read. */
    pass,
    /** Reads all stages again. */
    readAgain: next,
    /** By default, the old certificate by the new one, whose fingerprint the caller knows. */
    replace: async (input?: Record<string, unknown>) => service.query(REPLACE, { input: inputOf(input) }),
    /** A request whose client may go away. */
    ask: (input?: Record<string, unknown>) => {
      const gone = new AbortController();
      const response = service.server.fetch('http://localhost/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: REPLACE, variables: { input: inputOf(input) } }),
        signal: gone.signal,
      });
      return { leave: () => gone.abort(), ended: Promise.resolve(response).catch(() => undefined) };
    },
    /** The same request to another process of the service. */
    replica: async () => {
      const round = createRoundClock();
      const other = await createInProcess({
        env,
        upstream: { endpoint: service.endpoint, credentials: CREDENTIALS },
        clock: { ...round.clock, now: () => START },
      });
      crawlUntilTheEnd(other.server);
      await round.first();
      return {
        replace: (input?: Record<string, unknown>) => other.query(REPLACE, { input: inputOf(input) }),
      };
    },
    /** The certificate of a REST API's stage, whatever the service says. */
    truth: async (restApiId: string, stageName = 'prod') =>
      (await service.client.send(new GetStageCommand({ restApiId, stageName }))).clientCertificateId,
    webSocketTruth: async (ApiId: string, StageName: string) =>
      (await v2Client.send(new GetWebSocketStageCommand({ ApiId, StageName }))).ClientCertificateId,
    /** What someone else does. */
    putBehindItsBack: async (restApiId: string, value: string, stageName = 'prod') =>
      service.client.send(
        new UpdateStageCommand({
          restApiId,
          stageName,
          patchOperations: [{ op: 'replace', path: '/clientCertificateId', value }],
        }),
      ),
  };
}

/** `{ r000: 'REPLACED' }`, or with the name of the stage if it is not `prod`. */
export const statuses = (outcomes: Outcome[]): Record<string, string> =>
  Object.fromEntries(
    outcomes.map(({ stage: { name, api }, status }) => [
      name === 'prod' ? api.apiId : `${api.apiId}/${name}`,
      status,
    ]),
  );

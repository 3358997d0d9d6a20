import { X509Certificate } from 'node:crypto';
import {
  GetClientCertificateCommand,
  GetStageCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { expect } from 'vitest';
import type { EmulatorOptions } from '../../src/emulator/index.ts';
import { generateRsaKeyPair } from '../../src/emulator/x509.ts';
import { emulate } from '../emulator/support.ts';
import { serve } from '../support/process.ts';
import { until } from '../support/sharing.ts';
import { outcomes, startLoad } from './load.ts';
import { prepareNginx, type Trust } from './nginx.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

const restApiId = 'payments';
export const STAGES = ['canary', 'prod'];

/** What the service reads in the background, whatever it is asked for. */
const IN_BACKGROUND = /^Get(RestApis|Apis|Stages)\b/;

/**
 * The API `payments` on an emulator with AWS's throttle. Its stages `canary` and `prod` present the certificate `old` to nginx,
 * which soon expires. The service is a process of its own.
 */
export async function startPayments(trust: Trust) {
  const nginx = await prepareNginx(trust);
  const calls: string[] = [];
  let fault: NonNullable<EmulatorOptions['fault']> = () => undefined;
  const { url: endpoint, client } = await emulate({
    requestsPerSecond: 10,
    generateKeyPair: generateRsaKeyPair,
    examples: [
      { id: 'old', tags: { team: 'payments' }, createdDate: new Date(Date.now() - 350 * DAY_MS) },
      { id: 'stranger', tags: { team: 'search' }, createdDate: new Date() },
    ],
    restApis: [
      {
        id: restApiId,
        backend: nginx.url,
        stages: STAGES.map((stageName) => ({ stageName, clientCertificateId: 'old' })),
      },
    ],
    backendCa: nginx.ca,
    fault: (operation, labels, accountRegion) => {
      calls.push(operation);
      return fault(operation, labels, accountRegion);
    },
  });

  const serveAgain = async () => {
    const service = await serve({
      UPSTREAM: 'aws',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'any',
      AWS_SECRET_ACCESS_KEY: 'any',
      AWS_ENDPOINT_URL_API_GATEWAY: endpoint,
      STAGE_READS_PER_SECOND: '5',
    });
    await until(async () => {
      const { data } = await service.query('{ apiStages { index { complete } } }');
      expect(data.apiStages.index.complete).toBe(true);
    });
    return service;
  };

  const pemOf = async (clientCertificateId: string): Promise<string> =>
    (await client.send(new GetClientCertificateCommand({ clientCertificateId }))).pemEncodedCertificate ?? '';

  return {
    client,
    nginx,
    /** The service, once it has read all stages. Each call starts another process. */
    serve: serveAgain,
    load: () =>
      startLoad(
        Object.fromEntries(
          STAGES.map((stage) => [stage, `${endpoint}/_aws/execute-api/${restApiId}/${stage}/health`]),
        ),
      ),
    fail: (next: typeof fault) => {
      fault = next;
    },
    /** Does a step, and prints which calls of AWS it took. */
    step: async <T>(name: string, run: () => Promise<T>): Promise<T> => {
      const from = calls.length;
      return run().finally(() => {
        const counts = Map.groupBy(
          calls.slice(from).filter((call) => !IN_BACKGROUND.test(call)),
          (call) => call,
        );
        const texts = Array.from(counts, ([call, { length }]) => `${length} ${call}`);
        process.stdout.write(`${name}: ${texts.join(', ') || 'no call'}\n`);
      });
    },
    /** As nginx writes it. */
    fingerprintOf: async (id: string): Promise<string> =>
      new X509Certificate(await pemOf(id)).fingerprint.replaceAll(':', '').toLowerCase(),
    pemOf,
    /** Puts a certificate on a stage, as a script does. */
    attach: async (stageName: string, value: string) =>
      client.send(
        new UpdateStageCommand({
          restApiId,
          stageName,
          patchOperations: [{ op: 'replace', path: '/clientCertificateId', value }],
        }),
      ),
    /** What AWS has. */
    truth: async () => {
      const stages = await Promise.all(
        STAGES.map((stageName) => client.send(new GetStageCommand({ restApiId, stageName }))),
      );
      return stages.map(({ clientCertificateId }) => clientCertificateId);
    },
  };
}

/** How many requests were sent, and what came of those that were not answered with 200. */
export function totals(answers: Awaited<ReturnType<ReturnType<typeof startLoad>['end']>>) {
  const failed = answers.filter(({ status }) => status !== 200);
  process.stdout.write(`${answers.length} requests, ${failed.length} failed\n`);
  return { failed: failed.length, how: outcomes(failed) };
}

import { expect } from 'vitest';
import type { Clock } from '../../src/time/clock.ts';
import { restApis } from '../support/service.ts';
import { crawlUntilTheEnd, createCrawlClock } from '../support/stages.ts';
import { startReplicas } from './replicas.ts';

export const APIS = 5;

/** A round: both lists, and every API. */
export const ROUND = 2 + APIS;

export const stageOf = (i: number) => `arn:aws:apigateway:us-east-1::/restapis/r00${i}/stages/prod`;

/** Replicas that read the stages of five APIs, the first of which has a certificate. */
export async function startCrawling(
  redisUrl: string,
  count: number,
  timers: Partial<Pick<Clock, 'later'>> = {},
) {
  const { pass, ...crawlClock } = createCrawlClock(count);
  const clock = { ...crawlClock, ...timers };
  const world = await startReplicas({
    redisUrl,
    count: 0,
    certificates: 3,
    emulator: {
      restApis: restApis(APIS, (i) => [
        { stageName: 'prod', ...(i === 0 && { clientCertificateId: 'c000' }) },
      ]),
    },
  });
  const start = async () =>
    world.start({ clock, env: { STAGE_READS_PER_SECOND: '1', ALLOW_UNAUTHENTICATED: 'true' } });
  const crawl = ({ server }: Awaited<ReturnType<typeof start>>) => crawlUntilTheEnd(server);
  const replicas = await Promise.all(Array.from({ length: count }, start));
  for (const one of replicas) crawl(one);
  return {
    ...world,
    replicas,
    start,
    crawl,
    pass,
    clock,
    crawlCalls: () => world.calls.filter((call) => /^Get(Apis|RestApis|Stages)/.test(call)),
  };
}

type Replica = Awaited<ReturnType<typeof startCrawling>>['replicas'][number];

export const indexOf = async ({ query }: Replica) =>
  (await query('{ apiStages { index { apis apisRead complete } } }')).data.apiStages.index;
export const usageOf = async (replica: Replica | undefined, id: string) =>
  (await replica?.query(`{ clientCertificate(id: "${id}") { usage stages { nodes { arn } } } }`))?.data
    .clientCertificate;

/** Moves all stages from a certificate to another. */
export async function replace(by: Replica | undefined, from: string, to: string): Promise<void> {
  const { data } =
    (await by?.query(`{ clientCertificate(id: "${to}") { x509 { fingerprintSha256 } } }`)) ?? {};
  const replaced = await by?.query(`mutation { replaceClientCertificate(input: {
    id: "${from}", with: "${to}", trustedFingerprintSha256: "${data.clientCertificate.x509.fingerprintSha256}"
  }) { ... on ReplaceClientCertificatePayload { outcomes { status } } } }`);
  expect(replaced?.data.replaceClientCertificate).toEqual({ outcomes: [{ status: 'REPLACED' }] });
}

export const COMPLETE = { apis: APIS, apisRead: APIS, complete: true };

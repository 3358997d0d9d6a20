import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { emulate } from '../emulator/support.ts';
import { serve } from '../process-support.ts';
import { examples } from '../support.ts';

export type Body = { query: string; variables?: object };

/** What came back: `code` is that of the first error, or `ok`; `lost` where nothing did. */
export type Outcome = { status: number; code: string; ms: number; bytes: number };

/** Addresses of this machine, so that attackers and neighbours are different clients. */
export const ATTACKER = '127.0.0.2';
export const NEIGHBOUR = '127.0.0.3';

/** The service on an emulator with 500 certificates, each with so many tags as large as they may be. */
export async function serveMany({
  tags = 0,
  env = {},
}: {
  tags?: number;
  env?: Record<string, string>;
} = {}) {
  const entries = Array.from({ length: tags }, (_, i) => [`${i}`.padEnd(128, 'k'), 'v'.repeat(256)]);
  const example = { tags: Object.fromEntries(entries) };
  const { url } = await emulate({ examples: examples(500).map((one) => ({ ...one, ...example })) });
  const service = await serve({
    UPSTREAM: 'aws',
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_API_GATEWAY: url,
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
    LOG_LEVEL: 'silent',
    ...env,
  });
  await ask(service.url, { query: '{ clientCertificates { totalCount } }' }, NEIGHBOUR);
  return service;
}

/** Asks on a connection of its own, and reads all of the answer. */
export async function ask(url: string, body: Body, localAddress: string): Promise<Outcome> {
  const startedAtMs = performance.now();
  const answer = await new Promise<{ status: number; body: string }>((resolve) => {
    const lost = () => resolve({ status: 0, body: '{"errors":[{"extensions":{"code":"lost"}}]}' });
    request(
      url,
      {
        method: 'POST',
        agent: false,
        localAddress,
        headers: { 'content-type': 'application/json' },
      },
      (response) => {
        text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), lost);
      },
    )
      .on('error', lost)
      .end(JSON.stringify(body));
  });
  const { errors } = JSON.parse(answer.body);
  return {
    status: answer.status,
    code: errors?.[0]?.extensions?.code ?? 'ok',
    ms: performance.now() - startedAtMs,
    bytes: answer.body.length,
  };
}

/** One after the other while `isOver` does not say so; the slowest of them, in milliseconds. */
export async function slowestOf(url: string, bodyOf: (i: number) => Body, isOver: () => boolean) {
  const outcomes: Outcome[] = [];
  for (let i = 0; !isOver(); i += 1) outcomes.push(await ask(url, bodyOf(i), NEIGHBOUR));
  return {
    slowestMs: Math.round(Math.max(...outcomes.map(({ ms }) => ms))),
    codes: codesOf(outcomes),
  };
}

export function codesOf(outcomes: readonly Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of outcomes) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

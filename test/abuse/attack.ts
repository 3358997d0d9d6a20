import { request } from 'node:http';
import { emulate } from '../emulator/support.ts';
import { serveOn } from '../support/process.ts';
import { examples } from '../support/service.ts';

export type Body = { query: string; variables?: object };

/** The response: `code` is that of the first error, or `ok`; it is `lost` without a response. */
export type Outcome = { status: number; code: string; ms: number; bytes: number };

/** How long most attacks last. */
export const ATTACK_MS = 4000;

/** Addresses of this machine, so that attackers and neighbours are different clients. */
export const ATTACKER = '127.0.0.2';
export const NEIGHBOUR = '127.0.0.3';

/** The service on an emulator with 500 certificates, each with this many tags of the maximum size. */
export async function serveMany({
  count = 500,
  tags = 0,
  description,
  env = {},
}: {
  count?: number;
  tags?: number;
  description?: string;
  env?: Record<string, string>;
} = {}) {
  const entries = Array.from({ length: tags }, (_, i) => [`${i}`.padEnd(128, 'k'), 'v'.repeat(256)]);
  const example = { tags: Object.fromEntries(entries), ...(description && { description }) };
  const { url } = await emulate({ examples: examples(count).map((one) => ({ ...one, ...example })) });
  const service = await serveOn(url, { LOG_LEVEL: 'silent', ...env });
  await ask(service.url, { query: '{ clientCertificates { totalCount } }' }, NEIGHBOUR);
  return service;
}

/** This much of a response shows its outcome; parsing all of it would delay the measurement. */
const BEGINNING = 10_000;

/** Sends a request on its own connection, and reads the whole response. */
export async function ask(url: string, body: Body, localAddress: string): Promise<Outcome> {
  const startedAtMs = performance.now();
  const headers = { 'content-type': 'application/json' };
  const answer = await new Promise<Pick<Outcome, 'status' | 'code' | 'bytes'>>((resolve) => {
    const lost = () => resolve({ status: 0, code: 'lost', bytes: 0 });
    request(url, { method: 'POST', agent: false, localAddress, headers }, (response) => {
      let beginning = '';
      let bytes = 0;
      response
        .on('data', (chunk: Buffer) => {
          if (bytes < BEGINNING) beginning += chunk.toString('latin1', 0, BEGINNING);
          bytes += chunk.length;
        })
        .on('error', lost)
        .on('end', () => {
          const [, code = 'ok'] = /"code":"(\w+)"/.exec(beginning) ?? [];
          resolve({ status: response.statusCode ?? 0, code, bytes });
        });
    })
      .on('error', lost)
      .end(JSON.stringify(body));
  });
  return { ...answer, ms: performance.now() - startedAtMs };
}

/** Sends requests one after the other until `isOver`; returns the slowest time in milliseconds. */
export async function slowestOf(url: string, bodyOf: (i: number) => Body, isOver: () => boolean) {
  const outcomes: Outcome[] = [];
  for (let i = 0; !isOver(); i += 1) outcomes.push(await ask(url, bodyOf(i), NEIGHBOUR));
  return {
    slowestMs: Math.round(Math.max(...outcomes.map(({ ms }) => ms))),
    codes: codesOf(outcomes),
  };
}

export function codesOf(outcomes: readonly Pick<Outcome, 'code'>[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of outcomes) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

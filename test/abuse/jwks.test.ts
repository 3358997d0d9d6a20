import { createServer, type ServerResponse } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { listen, stop } from '../emulator/support.ts';
import { createSigner, jwtEnv, QUERY, tokenOf } from '../support/authentication.ts';
import { serve } from '../support/process.ts';
import { measure } from './measure.ts';

const MANY_BYTES = 700 * 1024 * 1024;
const PIECE = Buffer.alloc(1024 * 1024, ' ');

/** Sends a body of 700 MB, which a client without a bound would keep in memory. */
function flow(response: ServerResponse): void {
  let sent = 0;
  const send = () => {
    while (!response.destroyed && sent < MANY_BYTES) {
      sent += PIECE.length;
      if (!response.write(PIECE)) return;
    }
    response.end('{"keys":[]}');
  };
  response.on('drain', send);
  send();
}

test.each([1, 40])(
  '%i clients while the JWKS server sends 700 MB: all are told to try again',
  async (clients) => {
    let fetches = 0;
    const jwks = createServer((_, response) => {
      fetches += 1;
      flow(response);
    });
    const jwksUrl = await listen(jwks);
    onTestFinished(() => stop(jwks));
    const service = await serve(jwtEnv(jwksUrl));
    const { url } = service;
    const token = await tokenOf(await createSigner('known'));
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const ask = async () => {
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(QUERY) });
      await response.body?.cancel();
      return response.status;
    };
    const statuses = new Map<number, number>();
    const { peakMiB } = await measure(`a JWKS of 700 MB, ${clients} clients`, service, async () => {
      const untilMs = performance.now() + 5_000;
      await Promise.all(
        Array.from({ length: clients }, async () => {
          while (performance.now() < untilMs) {
            const status = await ask();
            statuses.set(status, (statuses.get(status) ?? 0) + 1);
          }
        }),
      );
    });
    process.stdout.write(
      `answers by status: ${JSON.stringify(Object.fromEntries(statuses))}, ${fetches} fetches\n`,
    );
    expect([...statuses.keys()]).toEqual([503]);
    expect(fetches).toBeLessThan(10);
    expect(peakMiB).toBeLessThan(400);
  },
);

import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { stop } from '../emulator/support.ts';
import { freePort } from '../support/free-port.ts';

/** A message that a receiver got. */
export type Received = { path: string; headers: IncomingHttpHeaders; body: string };

export type Answer = (response: ServerResponse, received: Received) => void;

/** Answers with this status, and these headers. */
export const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(code, headers).end();
  };

/** A server of the running test that takes every message, unless `answer` says otherwise. */
export async function startReceiver(first: Answer = status(204)) {
  const received: Received[] = [];
  let answer = first;
  const server = createServer(async (request, response) => {
    const one = { path: request.url ?? '', headers: request.headers, body: await text(request) };
    received.push(one);
    answer(response, one);
  });
  const port = await freePort(); // which nobody else gets while it is down
  const up = async () => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await up();
  onTestFinished(async () => {
    if (server.listening) await stop(server);
  });
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    bodies: () => received.map(({ body }) => JSON.parse(body)),
    answer: (next: Answer) => {
      answer = next;
    },
    down: () => stop(server),
    up,
  };
}

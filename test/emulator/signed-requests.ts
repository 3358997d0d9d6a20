import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { APIGatewayClient, APIGatewayClientConfig } from '@aws-sdk/client-api-gateway';
import { clientOf, listen, stop } from './support.ts';

/** A request as it was on the wire: its headers in their order, names and values in turn. */
export type WireRequest = { method: string; path: string; headers: string[]; body: Buffer };

/** What the SDK sends for one call, taken down by a server that knows nothing of it. */
export async function recordOf(
  send: (client: APIGatewayClient) => Promise<unknown>,
  config: APIGatewayClientConfig = {},
): Promise<WireRequest> {
  const recorded: WireRequest[] = [];
  const server = createServer(async (message, response) => {
    const { method = '', url: path = '', rawHeaders: headers } = message;
    recorded.push({ method, path, headers, body: await buffer(message) });
    response.end('{}');
  });
  await send(clientOf(await listen(server), config));
  await stop(server);
  const [request] = recorded;
  if (!request) throw new Error('The SDK sent nothing.');
  return request;
}

/** Sends it again, to another place; its `host` header stays as it was signed. */
export async function replay(url: string, { method, path, headers, body }: WireRequest) {
  const { hostname, port } = new URL(url);
  const outgoing = httpRequest({ hostname, port, method, path, headers, agent: false });
  outgoing.end(body);
  const [response] = await once(outgoing, 'response');
  const text = (await buffer(response)).toString();
  const { message = undefined } = text === '' ? {} : JSON.parse(text);
  return { status: response.statusCode, errorType: response.headers['x-amzn-errortype'], message };
}

export function header({ headers }: WireRequest, name: string): string {
  const at = headers.findIndex((it, i) => i % 2 === 0 && it.toLowerCase() === name);
  return headers[at + 1] ?? '';
}

/** The same request with other values of some headers: none of a header that is `undefined`, several of an array. */
export function withHeaders(
  request: WireRequest,
  changes: Record<string, string | string[] | undefined>,
): WireRequest {
  const kept = request.headers.flatMap((name, i) =>
    i % 2 === 0 && !(name.toLowerCase() in changes) ? [name, request.headers[i + 1] ?? ''] : [],
  );
  const added = Object.entries(changes).flatMap(([name, value]) =>
    [value ?? []].flat().flatMap((one) => [name, one]),
  );
  return { ...request, headers: [...kept, ...added] };
}

import type { Socket } from 'node:net';
import { open } from './connections.ts';

const QUERIES = {
  trivial: '{"query":"{ __typename }"}',
  lookup: '{"query":"{ clientCertificate(id: \\"c001\\") { description } }"}',
};

/**
 * The outcomes of the requests of one client. `lost` ones were sent completely, and got no response or only a part;
 * `wrong` ones got the response to another request.
 */
export type Result = { answered: number; lost: number; wrong: number };

/**
 * A client that sends the next request after each response, over one connection as long as the service keeps it, and
 * ends when it can no longer connect. Like all HTTP clients it checks for a closed connection before it sends.
 */
export function startClient(url: string, query: keyof typeof QUERIES): { result: Promise<Result> } {
  const body = QUERIES[query];
  const request = `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  return { result: askUntilRefused(url, request) };
}

async function askUntilRefused(url: string, request: string): Promise<Result> {
  const result = { answered: 0, lost: 0, wrong: 0 };
  for (;;) {
    const socket = await open(url).catch(() => undefined);
    if (!socket) return result;
    let keepsOpen = true;
    while (keepsOpen && !socket.closed && !socket.readableEnded) {
      const answer = await ask(socket, request);
      if (answer === undefined) result.lost += 1;
      else if (/^HTTP\/1\.1 200 /.test(answer) && answer.includes('{"data":{')) result.answered += 1;
      else result.wrong += 1;
      keepsOpen = answer !== undefined && !/\r\nconnection: close\r\n/i.test(answer);
    }
    socket.destroy();
  }
}

/** The whole response, or undefined if the connection ended before it was complete. */
async function ask(socket: Socket, request: string): Promise<string | undefined> {
  socket.write(request);
  let text = '';
  const done = Promise.withResolvers<string | undefined>();
  const onData = (chunk: Buffer) => {
    text += chunk.toString('latin1');
    const [head = '', ...rest] = text.split('\r\n\r\n');
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
    if (rest.join('\r\n\r\n').length >= length) done.resolve(text);
  };
  const onClose = () => done.resolve(undefined);
  socket.on('data', onData).once('close', onClose).once('end', onClose);
  const answer = await done.promise;
  socket.off('data', onData).off('close', onClose).off('end', onClose);
  return answer;
}

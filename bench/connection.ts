import { Client, type Dispatcher } from 'undici';

/** A response as received; status 0 if there was none. */
export type Answer = { status: number; bytes: Buffer; text(): string };

export type Connection = {
  get(): Promise<Answer>;
  post(body: string): Promise<Answer>;
  close(): Promise<void>;
};

/** One keep-alive connection. It sends one request at a time. */
export function createConnection(url: URL): Connection {
  const client = new Client(url.origin, { headersTimeout: 60_000, bodyTimeout: 60_000 });
  /** Uses undici's handlers: its promises and streams would take more time than the service itself. */
  const ask = (options: Pick<Dispatcher.DispatchOptions, 'method' | 'headers' | 'body'>): Promise<Answer> =>
    new Promise((resolve) => {
      let status = 0;
      const chunks: Buffer[] = [];
      client.dispatch(
        { path: url.pathname, ...options },
        {
          onRequestStart: () => undefined,
          onResponseStart: (_, statusCode) => {
            status = statusCode;
          },
          onResponseData: (_, chunk) => {
            chunks.push(chunk);
          },
          onResponseEnd: () => resolve(answerOf(status, Buffer.concat(chunks))),
          onResponseError: () => resolve(answerOf(0, Buffer.alloc(0))),
        },
      );
    });
  return {
    get: () => ask({ method: 'GET' }),
    post: (body) => ask({ method: 'POST', headers: { 'content-type': 'application/json' }, body }),
    close: () => client.destroy(),
  };
}

const answerOf = (status: number, bytes: Buffer): Answer => ({
  status,
  bytes,
  text: () => bytes.toString(),
});

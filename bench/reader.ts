import { Client, type Dispatcher } from 'undici';

/** An answer as it came: status 0 where there was none. */
export type Answer = { status: number; bytes: Buffer; text(): string };

export type Reader = {
  get(): Promise<Answer>;
  post(body: string): Promise<Answer>;
  close(): Promise<void>;
};

/** One keep-alive connection that asks one thing at a time. */
export function createReader(url: URL): Reader {
  const client = new Client(url.origin, { headersTimeout: 60_000, bodyTimeout: 60_000 });
  async function ask(
    options: Pick<Dispatcher.RequestOptions, 'method' | 'headers' | 'body'>,
  ): Promise<Answer> {
    try {
      const { statusCode, body } = await client.request({ path: url.pathname, ...options });
      return answerOf(statusCode, Buffer.from(await body.arrayBuffer()));
    } catch {
      return answerOf(0, Buffer.alloc(0));
    }
  }
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

import { onTestFinished } from 'vitest';
import { createServiceClock, turns } from '../support/clock.ts';
import { type Answer, type ServiceOptions, startService } from '../support/service.ts';

/** What most tests ask for. */
export const CHANGES = `subscription Changes($filter: ClientCertificateFilter) {
  clientCertificatesChanged(filter: $filter) {
    changes { kind globalId clientCertificateId clientCertificate { description tags { key value } } }
    unavailable { account region unavailable { code } }
  }
}`;

/** How often the tests' services read. */
export const REFRESH_MS = 10_000;

/** The service with a clock that stands still, and what is known of AWS is reused while it does. */
export async function startWithClock(options: ServiceOptions = {}) {
  const clock = createServiceClock();
  const service = await startService({
    ...options,
    elapsedMs: clock.elapsedMs,
    clock: { later: clock.later, ...options.clock },
    env: { CACHE_TTL_MS: '1000', ...options.env },
  });
  return {
    ...service,
    clock,
    /** Lets the next reading come. */
    refresh: () => clock.pass(REFRESH_MS),
    subscribe: async (variables: object = {}, headers: Record<string, string> = {}) =>
      listen(await service.post({ query: CHANGES, variables }, { accept: 'text/event-stream', ...headers })),
  };
}

/** An event stream that is read event by event. */
export type Events = {
  response: Response;
  /** The next event; undefined after the last one. */
  next(): Promise<Answer | undefined>;
  /** Leaves. */
  leave(): Promise<void>;
};

/** Reads the server-sent events of a response, without comments, until `complete`. */
export function listen(response: Response): Events {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let received = '';
  onTestFinished(async () => reader?.cancel());

  async function nextBlock(): Promise<string | undefined> {
    for (;;) {
      const end = received.indexOf('\n\n');
      if (end >= 0) {
        const block = received.slice(0, end);
        received = received.slice(end + 2);
        return block;
      }
      const { done = true, value = '' } = (await reader?.read()) ?? {};
      if (done) return undefined;
      received += value;
    }
  }

  return {
    response,
    next: async () => {
      for (let block = await nextBlock(); block !== undefined; block = await nextBlock()) {
        if (block.startsWith(':')) continue;
        const [event, data = ''] = block.split('\n');
        if (event === 'event: complete') return undefined;
        if (event !== 'event: next') throw new Error(`expected an event, got ${block}`);
        return JSON.parse(data.replace('data: ', ''));
      }
      throw new Error('the stream has ended without "complete"');
    },
    leave: async () => {
      await reader?.cancel();
      await turns();
    },
  };
}

/** The changes of an event, each as its kind and AWS's id. */
export const changesOf = (event: Answer | undefined): string[] =>
  event?.data.clientCertificatesChanged.changes.map(
    ({ kind, clientCertificateId }: { kind: string; clientCertificateId: string }) =>
      `${kind} ${clientCertificateId}`,
  );

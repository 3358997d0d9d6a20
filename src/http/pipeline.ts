import type { Logger } from 'pino';
import { MaskedError } from '../errors.ts';
import type { Arrival, Exchange, Reply } from '../exchange.ts';
import { requestIdOf } from './middleware/request-id.ts';
import { refusal, type Step } from './middleware.ts';
import { createNegotiation } from './negotiation.ts';
import { targetOf } from './target.ts';

/** Answers a request; never rejects. */
export type Answer = (arrival: Arrival) => Promise<Reply>;

/** Has each request pass the steps until one replies, and the reply all of them. */
export function createEdge(steps: readonly Step[], log: Logger): Answer {
  const admitting = steps.flatMap(({ admit }) => admit ?? []);
  const finishing = steps.flatMap(({ finish }) => finish ?? []);
  const negotiate = createNegotiation();

  async function replyTo(exchange: Exchange): Promise<Reply> {
    for (const admit of admitting) {
      const reply = admit(exchange);
      const known = reply instanceof Promise ? await reply : reply; // most steps have nothing to wait for
      if (known) return known;
    }
    throw new Error('No step has replied.');
  }

  return async (arrival) => {
    const requestId = requestIdOf(arrival);
    const { path, search } = targetOf(arrival.url);
    const accepted = negotiate(arrival.header('accept'));
    const exchange: Exchange = { arrival, path, search, accepted, startedAtMs: performance.now(), requestId };
    const fail = (error: unknown) => {
      log.error({ requestId, err: error }, 'unexpected error');
      return refusal(exchange, 500, new MaskedError(error));
    };
    const finished = (reply: Reply) => {
      for (const finish of finishing) finish(exchange, reply);
      return reply;
    };
    try {
      return finished(await replyTo(exchange).catch(fail));
    } catch (error) {
      return fail(error);
    }
  };
}

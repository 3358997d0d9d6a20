import { type Exchange, isRead, type Reply } from '../exchange.ts';
import { textOf } from './body.ts';
import { inSpan } from './middleware/tracing.ts';
import { badRequest, type Step } from './middleware.ts';
import type { KeptAnswers } from './response-cache.ts';
import { isUtf8Query } from './target.ts';

export type GraphQLOptions = {
  maxBodyBytes: number;
  /** Executes what is asked for in the body, if there is one, and in the URL. */
  execute: (exchange: Exchange, body: string | undefined) => Promise<Reply>;
  keptAnswers: KeptAnswers | undefined;
};

/** Answers GraphQL requests: with an answer that was kept, where there is one. */
export function answerGraphQL({ maxBodyBytes, execute, keptAnswers }: GraphQLOptions): Step {
  async function answer(exchange: Exchange): Promise<Reply> {
    const { arrival, search } = exchange;
    if (isRead(arrival))
      return isUtf8Query(search)
        ? execute(exchange, undefined)
        : badRequest(exchange, 400, 'The query of the URL is not UTF-8.');
    const bytes = await arrival.body(maxBodyBytes);
    if (bytes === undefined) return badRequest(exchange, 413, 'Request body too large');
    const body = textOf(bytes);
    if (body === undefined) return badRequest(exchange, 400, 'The body is not UTF-8.');
    const isPlain = search === ''; // what else the URL says may be part of the question
    const make = () => execute(exchange, body);
    return keptAnswers && isPlain ? keptAnswers.answer(exchange, body, make) : make();
  }
  return { admit: (exchange) => inSpan(exchange, () => answer(exchange)) };
}

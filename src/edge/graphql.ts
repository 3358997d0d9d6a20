import type { Exchange, Reply } from '../exchange.ts';
import type { KeptAnswers } from './kept-answers.ts';
import { refusal, type Step } from './step.ts';
import { inSpan } from './tracing.ts';

export type GraphQLOptions = {
  endpoint: string;
  maxBodyBytes: number;
  /** Executes what is asked for in the body, if there is one, and in the URL. */
  execute: (exchange: Exchange, body: string | undefined) => Promise<Reply>;
  keptAnswers: KeptAnswers | undefined;
};

/** There is nothing else than GraphQL behind this step. */
export const onlyGraphQL = (endpoint: string): Step => ({
  admit: ({ path }) =>
    path === endpoint || path === `${endpoint}/` ? undefined : { status: 404, headers: {}, body: null },
});

/** Answers GraphQL requests: with an answer that was kept, where there is one. */
export function answerGraphQL({ endpoint, maxBodyBytes, execute, keptAnswers }: GraphQLOptions): Step {
  async function answer(exchange: Exchange): Promise<Reply> {
    const { arrival } = exchange;
    if (arrival.method !== 'POST') return execute(exchange, undefined);
    const body = await arrival.body(maxBodyBytes);
    if (body === undefined)
      return refusal(exchange, 413, {
        message: 'Request body too large',
        extensions: { code: 'BAD_REQUEST' },
      });
    const isPlain = arrival.url === endpoint; // what else the URL says may be part of the question
    const make = () => execute(exchange, body);
    return keptAnswers && isPlain ? keptAnswers.answer(exchange, body, make) : make();
  }
  return { admit: (exchange) => inSpan(exchange, () => answer(exchange)) };
}

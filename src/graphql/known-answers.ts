import type { GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { Viewer } from '../auth/viewer.ts';
import type { Exchange, Operation } from '../exchange.ts';
import type { Config } from '../settings/config.ts';
import type { Context } from './context.ts';
import { ContextOfItself } from './context-of-itself.ts';
import type { Contexts } from './contexts.ts';
import { documentHash } from './document-cache.ts';
import { giveUp } from './executor/give-up.ts';
import {
  createPlannedAnswers,
  type PlannedAnswers,
  type PlannedAnswersOptions,
} from './executor/planned-answers.ts';

export type KnownAnswersOptions = Pick<
  PlannedAnswersOptions<Context>,
  'documentOf' | 'measure' | 'onAnswer'
> & {
  config: Config;
  schema: GraphQLSchema;
  contexts: Contexts;
  viewerOf: (exchange: Exchange) => Viewer;
};

/** Answers from what is known of AWS. Undefined where the settings want that graphql-js makes every answer. */
export function createKnownAnswers(options: KnownAnswersOptions): PlannedAnswers | undefined {
  const { config, contexts, viewerOf } = options;
  const { ofKnown } = contexts;
  if (!ofKnown || !config.FAST_PATH || config.EXPOSE_COST) return undefined;
  const toAsk = () => giveUp('aws');
  const hashes = new WeakMap<OperationDefinitionNode, string>();

  function hashOf(query: OperationDefinitionNode, text: string): string {
    const hash = hashes.get(query) ?? documentHash(text);
    hashes.set(query, hash);
    return hash;
  }

  return createPlannedAnswers<Context>({
    ...options,
    contextOf: (exchange) => ofKnown(viewerOf(exchange), toAsk),
    momentOf: ({ expiry }) => expiry,
    ofItself: (context) => new ContextOfItself(context),
    operationOf: (
      query,
      text,
      cost,
      { awsUse, expiry: { trueFromMs, trueUntilMs } },
    ): Operation | undefined =>
      awsUse.staleMs > 0
        ? undefined
        : {
            name: query.name?.value,
            type: 'query',
            document: hashOf(query, text),
            cost,
            errors: [],
            awsUse,
            trueFromMs,
            trueUntilMs,
          },
    maxBytes: config.MAX_RESPONSE_BYTES,
  });
}

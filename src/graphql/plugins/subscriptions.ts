import { type ExecutionArgs, GraphQLError, getOperationAST } from 'graphql';
import { isAsyncIterable, type Plugin, type YogaInitialContext } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Exchange, MediaType } from '../../exchange.ts';
import type { Subscribe } from '../subscribe.ts';
import type { ServerContext } from './operation.ts';
import { UnconditionalRootRule } from './unconditional-root.ts';

export type SubscriptionsOptions = {
  subscribe: Subscribe;
  log: Logger;
  /** Milliseconds since some moment, by a clock that is never set back. */
  elapsedMs: () => number;
};

/**
 * Answers subscriptions with event streams, also for clients that prefer JSON for everything else, and logs the end of each.
 * Whoever cannot read a stream is refused before one is begun.
 */
export function useSubscriptions({
  subscribe,
  log,
  elapsedMs,
}: SubscriptionsOptions): Plugin<ServerContext, ServerContext> {
  return {
    onValidate: ({ addValidationRule }) => addValidationRule(UnconditionalRootRule),
    onSubscribe({ args, setSubscribeFn, setResultAndStopExecution }) {
      const { exchange }: ServerContext = args.contextValue;
      const refused = refusalOf(exchange);
      const { mediaType } = exchange.accepted;
      // Yoga answers no subscription in parts, not even with errors
      if (mediaType === 'multipart/mixed')
        exchange.accepted = answeredAs(exchange, refused ? 'application/json' : 'text/event-stream');
      if (refused) return setResultAndStopExecution({ errors: [refused] });
      forgetUnused(args);
      setSubscribeFn(subscribe);
      return {
        onSubscribeResult({ result }) {
          if (!isAsyncIterable(result)) return undefined;
          exchange.accepted = answeredAs(exchange, 'text/event-stream');
          const { requestId, viewer, request, startedAtMs } = exchange;
          const operation = getOperationAST(args.document, args.operationName)?.name?.value;
          let isOver = false;
          function onEnd(): void {
            if (isOver) return;
            isOver = true;
            log.info(
              {
                requestId,
                operation: operation?.slice(0, MAX_NAME_LENGTH),
                viewer: viewer?.name,
                address: request.address,
                durationMs: Math.round(elapsedMs() - startedAtMs),
              },
              'subscription ended',
            );
          }
          const gone = request.gone(); // whoever leaves before the first event was sent begins to read no results, and ends none
          if (gone.aborted) onEnd();
          else gone.addEventListener('abort', onEnd);
          return { onEnd };
        },
      };
    },
  };
}

/**
 * A subscription stays for long, and what it has no use for may take thirty times the memory of its text. Variables are of use that the
 * operation declares.
 */
function forgetUnused(args: ExecutionArgs): void {
  const { params, sent }: ServerContext & Partial<YogaInitialContext> = args.contextValue as ServerContext;
  const values = args.variableValues ?? {};
  const names = getOperationAST(args.document, args.operationName)?.variableDefinitions ?? [];
  args.variableValues = Object.fromEntries(
    names
      .map(({ variable }) => variable.name.value)
      .filter((name) => Object.hasOwn(values, name))
      .map((name) => [name, values[name]]),
  );
  sent.body = undefined;
  delete params?.variables;
  delete params?.extensions;
}

const answeredAs = ({ accepted }: Exchange, mediaType: MediaType) => ({ ...accepted, mediaType });

/** The client chooses the name, which may be as long as a body. */
const MAX_NAME_LENGTH = 100;

/** An answer to HEAD has no body that could end. */
function refusalOf({ request, accepted }: Exchange): GraphQLError | undefined {
  if (request.method === 'HEAD')
    return badRequest(405, 'method: expected GET or POST for a subscription', { allow: 'GET, POST' });
  if (!accepted.acceptsEvents)
    return badRequest(406, 'accept: expected text/event-stream for a subscription');
  return undefined;
}

const badRequest = (status: number, message: string, headers: Record<string, string> = {}) =>
  new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status, headers } } });

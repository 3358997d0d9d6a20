import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Context } from '../context.ts';
import { CertwayError, UpstreamError } from '../errors.ts';
import { MaskedError } from './error-masking.ts';
import type { Operations } from './operations.ts';
import type { RequestIds } from './request-id.ts';

/** A name comes from the client; it may be as long as a body. */
const MAX_NAME_LENGTH = 100;

/**
 * One line an operation: its name and the hash of its document, who asked, how long it took, what it cost of AWS, how
 * it ended. Failures of AWS have a line with what AWS said, errors that the client saw only masked one with the stack.
 * Never what came in variables, or what certificates hold. Each error of an answer gets the request's id.
 */
export function useRequestLog(
  log: Logger,
  requestIds: RequestIds,
  operations: Operations,
): Plugin<Partial<Context>> {
  return {
    onResultProcess({ request, result, setResult, serverContext }) {
      if (Array.isArray(result) || Symbol.asyncIterator in result) return;
      const requestId = requestIds(request);
      const operation = operations.get(request);
      const { params, viewer, awsUse }: Partial<YogaInitialContext & Context> = serverContext;
      const errors = result.errors ?? [];
      for (const cause of new Set(errors.map((error) => error.originalError ?? error)))
        logCause(log.child({ requestId }), cause);
      log.info(
        {
          requestId,
          operation: operation?.name?.slice(0, MAX_NAME_LENGTH),
          document: params?.query && createHash('sha256').update(params.query).digest('hex').slice(0, 16),
          viewer: viewer?.name,
          durationMs: operation && Math.round(performance.now() - operation.startedAtMs),
          awsCalls: awsUse?.calls ?? 0,
          awsMs: Math.round(awsUse?.durationMs ?? 0),
          errors:
            errors.length > 0 ? [...new Set(errors.map(({ extensions }) => extensions['code']))] : undefined,
        },
        'operation',
      );
      if (errors.length > 0)
        setResult({ ...result, errors: errors.map((error) => withRequestId(error, requestId)) });
    },
  };
}

function logCause(log: Logger, cause: Error): void {
  if (cause instanceof UpstreamError || (cause instanceof CertwayError && cause.aws))
    log.warn({ code: cause.code, reason: cause.message, aws: cause.aws }, 'AWS failed');
  if (cause instanceof MaskedError) log.error({ err: cause.unexpected }, 'unexpected error');
}

/** A copy, since errors of cached documents are shared by all who sent them. */
function withRequestId(error: GraphQLError, requestId: string): GraphQLError {
  const { message, nodes = null, source, positions, path, originalError } = error;
  const extensions = { ...error.extensions, requestId };
  return new GraphQLError(message, { nodes, source, positions, path, originalError, extensions });
}

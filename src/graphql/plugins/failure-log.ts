import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import { CertwayError, MaskedError, UpstreamError } from '../../errors/errors.ts';
import { changeEach } from './each-result.ts';
import type { ServerContext } from './operation.ts';

/**
 * Logs AWS failures with AWS's words, and masked errors with their stack. Every error of an answer gets the request id, under
 * which the log has it.
 */
export function useFailureLog(log: Logger): Plugin<Record<never, never>, ServerContext> {
  return {
    onResultProcess(processed) {
      const { requestId } = processed.serverContext.exchange;
      changeEach(processed, (result) => {
        if (!result.errors?.length) return result;
        for (const cause of new Set(result.errors.map((error) => error.originalError ?? error)))
          logCause(log.child({ requestId }), cause);
        return { ...result, errors: result.errors.map((error) => withRequestId(error, requestId)) };
      });
    },
  };
}

function logCause(log: Logger, cause: Error): void {
  if (cause instanceof UpstreamError || (cause instanceof CertwayError && cause.aws))
    log.warn({ code: cause.code, reason: cause.message, aws: cause.aws }, 'AWS failed');
  if (cause instanceof MaskedError) log.error({ err: cause.unexpected }, 'unexpected error');
}

/** A copy, because the errors of a cached document are shared by all requests for it. */
function withRequestId(error: GraphQLError, requestId: string): GraphQLError {
  const { message, nodes = null, source, positions, path, originalError } = error;
  const extensions = { ...error.extensions, requestId };
  return new GraphQLError(message, { nodes, source, positions, path, originalError, extensions });
}

import type { Logger } from 'pino';
import type { Metrics } from '../../observability/metrics.ts';
import { createOperationLog } from '../../observability/operation-log.ts';
import type { Middleware } from '../middleware.ts';

/** The client chooses the name, which may be as long as a body. */
const MAX_NAME_LENGTH = 100;

export type AccessLogOptions = {
  log: Logger;
  metrics: Metrics;
  /** Milliseconds since some moment, by a clock that is never set back. */
  elapsedMs: () => number;
};

/**
 * Writes one log line per operation and counts it in the metrics: name and hash of the document, caller and address, duration,
 * AWS calls, outcome. Never writes variables, or what certificates contain.
 */
export function logAccess({ log, metrics, elapsedMs }: AccessLogOptions): Middleware {
  const tell = createOperationLog(log);
  return {
    after({ request, operation, requestId, startedAtMs, viewer }) {
      if (!operation) return;
      const { name, document, errors, awsUse } = operation;
      const durationMs = elapsedMs() - startedAtMs;
      metrics.operation({ name, outcome: errors[0] ?? 'ok', durationMs, awsUse });
      tell({
        requestId,
        operation: name?.slice(0, MAX_NAME_LENGTH),
        document,
        viewer: viewer?.name,
        address: request.address,
        durationMs: Math.round(durationMs),
        awsCalls: awsUse?.calls ?? 0,
        awsMs: Math.round(awsUse?.durationMs ?? 0),
        errors: errors.length > 0 ? [...new Set(errors)] : undefined,
      });
    },
  };
}

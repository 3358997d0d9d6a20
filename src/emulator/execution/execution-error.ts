import { BackendRefused } from '../backends/allowed.ts';
import { UntrustedBackend } from '../backends/connect.ts';

/**
 * Why there is no response of a backend: the answer to the client, and lines for the execution log.
 */
export class ExecutionError extends Error {
  readonly status: number;
  readonly errorType: string;
  readonly logLines: string[];

  constructor(status: number, errorType: string, message: string, logLines: string[] = []) {
    super(message);
    this.status = status;
    this.errorType = errorType;
    this.logLines = logLines;
  }
}

/**
 * AWS's default gateway responses
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html).
 */
export const execution = {
  forbidden: () => new ExecutionError(403, 'ForbiddenException', 'Forbidden'),
  /** For an unknown path, too. */
  missingAuthenticationToken: () =>
    new ExecutionError(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token'),
  tooLong: (most: number) =>
    new ExecutionError(413, 'RequestEntityTooLargeException', `HTTP content length exceeded ${most} bytes.`),
  throttled: () => new ExecutionError(429, 'TooManyRequestsException', 'Too Many Requests'),
  /** The emulator's own answer if it is its own backend. */
  loop: () => new ExecutionError(508, 'LoopDetectedException', 'Loop Detected'),
  /**
   * LocalStack's AWS-validated snapshot `test_failed_invoke_test_method` has the words of the log.
   */
  configuration: (reason: string, ...more: string[]) =>
    new ExecutionError(500, 'InternalServerErrorException', 'Internal server error', [
      `Execution failed due to configuration error: ${reason}`,
      ...more,
    ]),
  timeout: () =>
    new ExecutionError(504, 'InternalServerErrorException', 'Endpoint request timed out', [
      'Execution failed due to a timeout error',
    ]),
  network: (reason: string) =>
    new ExecutionError(504, 'InternalServerErrorException', 'Network error communicating with endpoint', [
      `Execution failed due to a network error communicating with endpoint: ${reason}`,
    ]),
};

/** Translates an error of a backend call. */
export function toExecutionError(error: unknown): ExecutionError {
  if (error instanceof ExecutionError) return error;
  if (error instanceof UntrustedBackend) return execution.configuration(error.message);
  if (!(error instanceof Error)) return execution.network(String(error));
  const code = 'code' in error ? error.code : undefined;
  if (error instanceof BackendRefused || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return execution.configuration('Invalid endpoint address', error.message);
  return error.name === 'TimeoutError' ? execution.timeout() : execution.network(error.message);
}

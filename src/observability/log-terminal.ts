import type { DestinationStream } from 'pino';

/** Writes the JSON lines of a log as short lines for a terminal. */
export const createTerminalOutput = (write: (text: string) => void): DestinationStream => ({
  write: (line) => write(`${readable(JSON.parse(line))}\n`),
});

type Entry = Record<string, unknown>;

function readable({ level, time, msg, pid, hostname, ...rest }: Entry): string {
  const head = `${new Date(Number(time)).toTimeString().slice(0, 8)} ${String(level).padEnd(5)}`;
  return msg === 'operation' ? `${head} ${operationOf(rest)}` : `${head} ${escaped(msg)}${restOf(rest)}`;
}

/** `Expiring 3 ms 1 AWS call anonymous 127.0.0.1`, and the codes of its errors. */
function operationOf({
  operation = 'anonymous',
  durationMs,
  awsCalls,
  viewer,
  address,
  errors,
}: Entry): string {
  const calls = `${awsCalls} AWS ${awsCalls === 1 ? 'call' : 'calls'}`;
  const who = [viewer, address].filter((word) => word !== undefined);
  return [operation, `${durationMs} ms`, calls, ...who, ...(Array.isArray(errors) ? errors : [])]
    .map(escaped)
    .join(' ');
}

/** The stack of an error, on lines of its own. */
function restOf({ err, ...rest }: Entry): string {
  const pairs = Object.entries(rest).map(([name, value]) => ` ${name}=${escaped(JSON.stringify(value))}`);
  const { stack = err } = err instanceof Object && 'stack' in err ? err : {};
  const lines = err === undefined ? [] : String(stack).split('\n');
  return [pairs.join(''), ...lines.map(escaped)].join('\n');
}

/** Control characters from a client must not reach the terminal. */
const escaped = (value: unknown): string =>
  String(value).replace(/\p{Cc}/gu, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);

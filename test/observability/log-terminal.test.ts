import { pino } from 'pino';
import { expect, test } from 'vitest';
import { loggerOptions } from '../../src/observability/log.ts';
import { createTerminalOutput } from '../../src/observability/log-terminal.ts';

/** A log for the terminal whose clock stands at noon, and the text that it has written. */
function start() {
  const written: string[] = [];
  const timestamp = () => `,"time":${new Date(2026, 5, 15, 12, 0, 1).getTime()}`;
  const log = pino(
    { ...loggerOptions('debug'), timestamp },
    createTerminalOutput((text) => written.push(text)),
  );
  return { log, written };
}

const OPERATION = {
  requestId: 'req-42',
  operation: 'Expiring',
  document: '0123456789abcdef',
  viewer: 'anonymous',
  address: '127.0.0.1',
  durationMs: 3,
  awsCalls: 1,
  awsMs: 2,
};

test('an operation is one short line', () => {
  const { log, written } = start();
  log.info(OPERATION, 'operation');
  expect(written).toEqual(['12:00:01 info  Expiring 3 ms 1 AWS call anonymous 127.0.0.1\n']);
});

test('the line of a failed operation has the codes of its errors', () => {
  const { log, written } = start();
  const errors = ['THROTTLED', 'BAD_USER_INPUT'];
  log.info({ ...OPERATION, operation: undefined, awsCalls: 2, errors }, 'operation');
  expect(written).toEqual([
    '12:00:01 info  anonymous 3 ms 2 AWS calls anonymous 127.0.0.1 THROTTLED BAD_USER_INPUT\n',
  ]);
});

test('other lines have all their fields, and the stack of an error on lines of its own', () => {
  const { log, written } = start();
  log.child({ requestId: 'req-42' }).warn({ code: 'UPSTREAM_DENIED', aws: { status: 403 } }, 'AWS failed');
  log.error({ err: new TypeError('cannot read') }, 'unexpected error');
  expect(written[0]).toBe(
    '12:00:01 warn  AWS failed requestId="req-42" code="UPSTREAM_DENIED" aws={"status":403}\n',
  );
  expect(written[1]).toMatch(
    /^12:00:01 error unexpected error\nTypeError: cannot read\n {4}at .*log-terminal\.test/,
  );
});

test('no input of a client controls the terminal', () => {
  const { log, written } = start();
  log.info({ ...OPERATION, viewer: '\x1b[2Jroot\n\x9bfake' }, 'operation');
  log.warn({ origin: 'a\x1b[31m\x9b1m\x7f', err: new Error('\x1b[2J') }, 'refused\x07');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the test is about them
  for (const text of written) expect(text.replaceAll('\n', '')).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
  expect(written[0]).toBe('12:00:01 info  Expiring 3 ms 1 AWS call \\x1b[2Jroot\\x0a\\x9bfake 127.0.0.1\n');
});

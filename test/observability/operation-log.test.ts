import { pino } from 'pino';
import { expect, test } from 'vitest';
import { loggerOptions } from '../../src/observability/log.ts';
import { createOperationLog, type OperationEntry } from '../../src/observability/operation-log.ts';

const ENTRY: OperationEntry = {
  requestId: 'r-1',
  operation: 'List',
  document: '0123456789abcdef',
  viewer: 'portal',
  address: '127.0.0.1',
  durationMs: 3,
  awsCalls: 1,
  awsMs: 2,
  errors: undefined,
};

/** The same entry as pino writes it, and as the log of operations does. */
function linesOf(entry: OperationEntry, { level = 'info', base = {} as object | null } = {}) {
  const lines: string[] = [];
  const options = { ...loggerOptions(level), base, timestamp: () => ',"time":42' };
  const log = pino(options, { write: (line) => lines.push(line) });
  log.info(entry, 'operation');
  const pinos = lines.splice(0);
  createOperationLog(log)(entry);
  return { pinos, own: lines };
}

test.for<[string, Partial<OperationEntry>, object | null]>([
  ['of a query', {}, { pid: 1, hostname: 'web-1' }],
  ['without anything that all lines have', {}, null],
  ['with errors', { errors: ['THROTTLED', 'NOT_FOUND'] }, { pid: 1 }],
  ['without a name and a viewer', { operation: undefined, viewer: undefined, address: undefined }, null],
  ['of a viewer with a strange name', { viewer: 'a"b\\c\n\u2028ü\u{1F512}' }, { pid: 1 }],
])('the line %s is that of pino', ([, differences, base]) => {
  const { pinos, own } = linesOf({ ...ENTRY, ...differences }, { base });
  expect(pinos).toHaveLength(1);
  expect(own).toEqual(pinos);
});

test('there is no line below the level', () => {
  expect(linesOf(ENTRY, { level: 'warn' })).toEqual({ pinos: [], own: [] });
});

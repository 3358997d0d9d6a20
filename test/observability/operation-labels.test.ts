import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { createMetrics } from '../../src/observability/metrics.ts';
import { heapUsed } from '../support/heap.ts';

const MIB = 1024 * 1024;

test('the names of operations keep no documents in memory', () => {
  const { operation } = createMetrics();
  const before = heapUsed();
  for (let i = 0; i < 200; i += 1) {
    const [definition] = parse(`query ALongNameThatComesTwice${i} { a } #${'x'.repeat(MIB / 4)}`).definitions;
    const name = definition?.kind === 'OperationDefinition' ? definition.name?.value : undefined;
    for (let time = 0; time < 2; time += 1)
      operation({ name, outcome: 'ok', durationMs: 1, awsUse: undefined });
  }
  expect(heapUsed() - before).toBeLessThan(20 * MIB);
});

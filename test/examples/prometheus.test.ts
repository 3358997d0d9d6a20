import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { read, run } from './support.ts';

const ALERTS = 'examples/prometheus/certway-alerts.yaml';

test('Prometheus takes the alerts', async () => {
  expect(await run('promtool', ['check', 'rules', ALERTS])).toContain('SUCCESS: 1 rules found');
});

test('a certificate of 30 days raises one alert, however many replicas report it', async () => {
  expect(await run('promtool', ['test', 'rules', 'test/examples/certway-alerts.test.yaml'])).toContain(
    'SUCCESS',
  );
});

test("the README's rule is that of the file", async () => {
  const [, block = ''] = /```yaml\n(groups:[\s\S]*?)```/.exec(await read('README.md')) ?? [];
  expect(parse(block)).toEqual(parse(await read(ALERTS)));
});

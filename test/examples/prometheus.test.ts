import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { read, run } from './support.ts';

const ALERTS = 'examples/prometheus/certway-alerts.yaml';
const TESTS = 'test/examples/certway-alerts.test.yaml';

type Rule = { alert?: string; labels?: { severity: string }; annotations?: Record<string, string> };

test('Prometheus accepts the alerts', async () => {
  expect(await run('promtool', ['check', 'rules', ALERTS])).toContain('SUCCESS: 11 rules found');
});

test('the alerts fire when they should, and no others do', async () => {
  expect(await run('promtool', ['test', 'rules', TESTS])).toContain('SUCCESS');
});

/** Changes that break the rules, each in one way. */
const MISTAKES: [from: string, to: string][] = [
  [
    'job, namespace, account, region, client_certificate_id',
    'job, namespace, account, region, pod, client_certificate_id',
  ],
  ['client_certificate_id, description, tag_team', 'client_certificate_id, description'],
  ['topk by (job, namespace, account, region) (1,', 'topk (1,'],
  ['topk by (job, namespace, account, region) (1,', 'topk by (job, account, region) (1,'],
  ['topk by (job, namespace, account, region) (1,', 'topk by (job, namespace, account) (1,'],
  ['topk by (job, namespace, account, region) (1,', 'topk by (namespace, account, region) (1,'],
  ['topk by (job, namespace, account, region) (1,', 'topk by (job, namespace, account, region) (2,'],
  ['topk by (job, namespace, account, region) (1,', 'topk by (job, namespace, region) (1,'],
  ['topk by', 'bottomk by'],
  ['on (job, namespace, account, region, instance)', 'on (job, namespace, account, region)'],
  ['< 30 * 24 * 3600', '<= 30 * 24 * 3600'],
  ['>= 7 * 24 * 3600', '> 7 * 24 * 3600'],
  ['< 7 * 24 * 3600', '<= 7 * 24 * 3600'],
  ['>= 0', '> 0'],
  ['>= 0', ''],
  ['seconds > 0\n', 'seconds >= 0\n'],
  ['certway_client_certificate_stages > 0', 'certway_client_certificate_stages'],
  ['and on (job, namespace, account, region, client_certificate_id)', 'and on (job, client_certificate_id)'],
  [
    'and on (job, namespace, account, region, client_certificate_id)',
    'and on (job, namespace, account, region)',
  ],
  ['time() < 30 * 24 * 3600\n', 'time() < 7 * 24 * 3600\n'],
  ['- max by (job, namespace, account, region)', '- min by (job, namespace, account, region)'],
  ['- max by (job, namespace, account, region)', '- max by (job, account, region)'],
  ['- max by (job, namespace, account, region)', '- max by (job, namespace, account)'],
  ['- max by (job, namespace, account, region)', '- max by (job, namespace, region)'],
  ['max by (job, namespace, account, region, client', 'max by (job, namespace, region, client'],
  ['account, region, client_certificate_id) certway', 'region, client_certificate_id) certway'],
  ['on (job, namespace, account, region, instance)', 'on (job, namespace, region, instance)'],
  ['min by (job, namespace, account, region)', 'max by (job, namespace, account, region)'],
  ['min by (job, namespace, account, region)', 'min by (job, namespace, region)'],
  ['min by (job, namespace, account, region)', 'min by (job, namespace, account)'],
  ['== 1\n        for: 10m', '== 1\n        for: 5m'],
  ['> 3600', '>= 3600'],
  ['> 3600\n        for: 5m', '> 3600'],
  ['absent(certway_client_certificates_last_read_timestamp_seconds', 'absent(up'],
  ['seconds)\n        for: 10m', 'seconds)\n        for: 5m'],
  ['> 0\n        for: 1h', '> 0\n        for: 30m'],
  ['> 0\n        for: 1h', '>= 0\n        for: 1h'],
  ['max by (job, namespace, sink)', 'min by (job, namespace, sink)'],
  ['max by (job, namespace, sink)', 'max by (job, namespace)'],
  ['max by (job, namespace, sink)', 'max by (job, sink)'],
  ['shared_cache_up == 0\n        for: 10m', 'shared_cache_up == 0\n        for: 5m'],
  ['shared_cache_up == 0', 'shared_cache_up == 1'],
  ['up{job="certway"} == 0', 'up == 0'],
  ['up{job="certway"} == 0', 'up{job="certway"} == 1'],
  ['== 0\n        for: 5m', '== 0'],
  ['expires in {{ $value | humanizeDuration }}', 'expires in {{ $value }} s'],
  ['{{ $labels.region }}{{ with', '{{ with'],
  ['{{ with $labels.tag_team }}, team', '{{ with $labels.team }}, team'],
  ['lt $value 0.0', 'gt $value 0.0'],
  ['job=%q, namespace=%q, account=%q,', 'job!=%q, namespace=%q, account=%q,'],
  ['{{ range printf "max(', '{{ range printf "min('],
  ['{{ $value }} of them', '1 of them'],
];

test.each(MISTAKES)('with "%s" as "%s" the tests of the alerts fail', async (from, to) => {
  const folder = await mkdtemp(join(tmpdir(), 'certway-alerts-'));
  onTestFinished(async () => rm(folder, { recursive: true }));
  const alerts = (await read(ALERTS)).replace(from, to);
  expect(alerts).not.toBe(await read(ALERTS));
  await writeFile(join(folder, 'alerts.yaml'), alerts);
  await writeFile(join(folder, 'test.yaml'), (await read(TESTS)).replace(`../../${ALERTS}`, 'alerts.yaml'));
  await expect(run('promtool', ['test', 'rules', join(folder, 'test.yaml')])).rejects.toMatchObject({
    stderr: expect.stringContaining('FAILED'),
  });
});

const alertsOf = (yaml: string): Rule[] =>
  parse(yaml).groups.flatMap(({ rules }: { rules: Rule[] }) => rules.filter(({ alert }) => alert));

test('docs/alerts.md has a row and a section for each alert, which says what it means and what to do', async () => {
  const page = await read('docs/alerts.md');
  const alerts = alertsOf(await read(ALERTS));
  const rows = page.matchAll(/^\| `(\w+)` \| (warning|critical) \|/gm);
  expect(Array.from(rows, ([, alert, severity]) => [alert, severity])).toEqual(
    alerts.map(({ alert, labels }) => [alert, labels?.severity]),
  );
  const sections = page.split(/^## /m).slice(1);
  expect(sections.map((section) => section.split('\n')[0])).toEqual(alerts.map(({ alert }) => alert));
  for (const section of sections)
    expect(section).toMatch(/^- \*\*It means\*\* .+^- \*\*Look at\*\* .+^- \*\*Do\*\* /ms);
});

test('each alert has a summary, a description and the place of its section', async () => {
  for (const { alert, annotations } of alertsOf(await read(ALERTS)))
    expect(annotations).toEqual({
      summary: expect.stringMatching(/./),
      description: expect.stringMatching(/^.{80,}\.$/s),
      runbook: `docs/alerts.md#${alert?.toLowerCase()}`,
    });
});

test('the alerts use existing metrics', async () => {
  const named = (await read(ALERTS)).match(/\bcertway_\w+/g) ?? [];
  const readme = await read('docs/operating.md');
  for (const metric of new Set(named)) expect(readme).toContain(`| \`${metric}\``);
});

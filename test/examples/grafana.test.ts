import { parser } from '@prometheus-io/lezer-promql';
import { expect, test } from 'vitest';
import { startRedis } from '../replicas/redis-server.ts';
import { serve } from '../support/process.ts';
import { read } from './support.ts';

type Panel = {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: { type: string; uid: string };
  targets?: { refId: string; expr: string }[];
};

const dashboard = JSON.parse(await read('examples/grafana/certway.json'));
const panels: Panel[] = dashboard.panels;
/** The variable that chooses the job, and the expression whose labels it offers. */
const job = dashboard.templating.list.find(({ name }: { name: string }) => name === 'job');
const [, offered = ''] = /^label_values\((.+), job\)$/.exec(job.query.query) ?? [];
const targets = panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }) => [title, expr.replaceAll('$__rate_interval', '5m')] as const),
);

/** The names of an expression that are in its tree by this name, and whether there is an error in it. */
function parsed(expr: string) {
  const names: string[] = [];
  const selectors: string[] = [];
  let isWrong = false;
  parser.parse(expr).iterate({
    enter: ({ name, from, to, type }) => {
      if (type.isError) isWrong = true;
      if (name === 'Identifier') names.push(expr.slice(from, to));
      if (name === 'VectorSelector') selectors.push(expr.slice(from, to));
    },
  });
  return { isWrong, selectors, metrics: names.filter((name) => name.startsWith('certway_')) };
}

test.each(targets)('%s is PromQL: %s', (_, expr) => {
  const { isWrong, metrics, selectors } = parsed(expr);
  expect(isWrong).toBe(false);
  expect(metrics.length).toBeGreaterThan(0);
  expect(selectors).toEqual(metrics.map((metric) => `${metric}{job=~"$job"}`));
});

test('the jobs to choose from are those of a metric', () => {
  expect(parsed(offered)).toMatchObject({ isWrong: false, metrics: [expect.any(String)] });
  expect(job.definition).toBe(job.query.query);
});

test('the parser finds mistakes', () => {
  for (const expr of ['sum(', 'rate(certway_x[5m]) by', 'sum by (a certway_x)', 'certway_x{job=}'])
    expect([expr, parsed(expr).isWrong]).toEqual([expr, true]);
});

test('a service with everything switched on has each metric, and each metric has a place', async () => {
  const redis = await startRedis();
  const { url } = await serve({
    AWS_REGIONS: 'us-east-1,eu-central-1',
    REDIS_URL: redis.url,
    NOTIFY_WEBHOOKS: 'http://127.0.0.1:9/ format=slack',
  });
  const text = await (await fetch(new URL('metrics', url))).text();
  const known = Array.from(text.matchAll(/^# TYPE (certway_\S+) (\w+)$/gm), ([, name = '', type]) => ({
    name,
    forms: type === 'histogram' ? [`${name}_count`, `${name}_bucket`, `${name}_sum`] : [name],
  }));
  const shown = new Set(
    [offered, ...targets.map(([, expr]) => expr)].flatMap((expr) => parsed(expr).metrics),
  );
  expect([...shown].filter((name) => !known.some(({ forms }) => forms.includes(name)))).toEqual([]);
  const missing = known.filter(({ forms }) => !forms.some((form) => shown.has(form)));
  expect(missing.map(({ name }) => name)).toEqual([]);
});

test('the tiles at the top say at once what needs a person', () => {
  const tiles = panels.filter(({ type, gridPos }) => type === 'stat' && gridPos.y < 9);
  expect(
    tiles.flatMap(({ title, targets: asked = [] }) =>
      asked.map(({ expr }) => [title, ...parsed(expr).metrics.slice(0, 1)]),
    ),
  ).toEqual([
    ...[
      'Expired',
      'Less than 7 days left',
      'Less than 30 days left',
      'In use, with less than 30 days left',
      'Certificates',
    ].map((title) => [title, 'certway_client_certificate_expiration_timestamp_seconds']),
    ['Age of the last reading', 'certway_client_certificates_last_read_timestamp_seconds'],
    ['Redis', 'certway_shared_cache_up'],
    ['Notices that wait', 'certway_notices_waiting'],
    ['Notices that failed in an hour', 'certway_notice_failures_total'],
    ['Stale answers in an hour', 'certway_stale_answers_total'],
    ['Age of what is known of stages', 'certway_stage_index_oldest_read_timestamp_seconds'],
    ['Accounts and regions without an answer', 'certway_account_region_unavailable'],
  ]);
});

test('its panels have ids of their own, a place in the grid, and the data source that the person chooses', () => {
  const [chosen, ...others] = dashboard.templating.list.map(({ name }: { name: string }) => name);
  expect([chosen, others]).toEqual(['datasource', ['job']]);
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  for (const [i, { title, gridPos, datasource, targets: asked = [] }] of panels.entries()) {
    const { x, y, w, h } = gridPos;
    expect([title, x >= 0 && w > 0 && h > 0 && x + w <= 24]).toEqual([title, true]);
    const over = panels.filter(
      ({ gridPos: other }, j) =>
        j !== i && x < other.x + other.w && other.x < x + w && y < other.y + other.h && other.y < y + h,
    );
    expect([title, over.map((other) => other.title)]).toEqual([title, []]);
    expect(new Set(asked.map(({ refId }) => refId)).size).toBe(asked.length);
    if (asked.length > 0) expect(datasource).toEqual({ type: 'prometheus', uid: `\${${chosen}}` });
  }
});

import type { Metrics } from '../../src/observability/metrics.ts';

/** How many answers were made in each way, by the metrics. */
export async function waysIn(metrics: Metrics): Promise<Record<string, number>> {
  const lines = (await metrics.text()).matchAll(
    /^certway_graphql_answers_made_total\{way="([^"]+)"\} (\d+)$/gm,
  );
  return Object.fromEntries(Array.from(lines, ([, way, count]) => [way, Number(count)]));
}

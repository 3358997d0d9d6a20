/** Every certificate has each of them as a label, in every scrape. */
export const MAX_METRIC_TAGS = 10;

/**
 * The label under which a metric has a tag: `tag_` and the key, with `_` for each character that no label may
 * have (https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels).
 */
export const tagLabelOf = (key: string): string => `tag_${key.replaceAll(/[^a-zA-Z0-9_]/gu, '_')}`;

/** One complaint for each label that several keys would share. */
export function labelCollisions(keys: string[]): string[] {
  return Array.from(Map.groupBy(keys, tagLabelOf), ([label, same]) => ({ label, same }))
    .filter(({ same }) => same.length > 1)
    .map(
      ({ label, same }) =>
        `expected keys with labels of their own, got ${same.map((key) => JSON.stringify(key)).join(' and ')}, which are both ${label}`,
    );
}

/** The value below which a `part` of the values lies: 0.5 for the median. Ignores NaN; NaN if no value is left. */
export function quantile(values: number[], part: number): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

export const median = (values: number[]): number => quantile(values, 0.5);

/** The value below which this share of the values lies; 0.5 is the median. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** `median (min–max)`, rounded to so many decimals. */
export function spread(values: readonly number[], decimals = 0): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return `${median(values).toFixed(decimals)} (${least.toFixed(decimals)}–${most.toFixed(decimals)})`;
}

/** Median of the ratios of pairs, so that a slow moment of the machine weighs on both parts of a pair. */
export const pairedRatios = (values: readonly number[], baseline: readonly number[]): number[] =>
  values.map((value, index) => value / (baseline[index] as number));

export const times = (ratio: number): string => `${ratio.toFixed(2)}×`;
export const megabytes = (bytes: number): number => Math.round(bytes / 1e5) / 10;

/**
 * Mean of a histogram in Prometheus' text format, over all series that have the labels; undefined where nothing was observed.
 * @param metrics text of `/metrics`
 */
export function meanOf(metrics: string, name: string, labels: Record<string, string>): number | undefined {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const sumOf = (suffix: string) =>
    metrics.split('\n').reduce((sum, line) => {
      if (!line.startsWith(`${name}_${suffix}`) || !wanted.every((label) => line.includes(label))) return sum;
      const value = Number(
        line
          .slice(line.lastIndexOf('}') + 1)
          .trim()
          .split(' ')[0],
      );
      return Number.isFinite(value) ? sum + value : sum;
    }, 0);
  const count = sumOf('count');
  return count > 0 ? sumOf('sum') / count : undefined;
}

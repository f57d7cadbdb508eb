/** One metric: its series by labels, as the supervisor shows them. */
export interface Family {
  name: string;
  type: 'counter' | 'gauge';
  help: string;
  series: readonly Sample[];
}

export interface Sample {
  labels?: Readonly<Record<string, string>>;
  value: number;
}

/** A gauge with one series; none where the value is not known. */
export const gauge = (name: string, help: string, value: number | undefined): Family => ({
  ...{ name, type: 'gauge', help },
  series: value === undefined ? [] : [{ value }],
});

/** The text format of Prometheus. A metric without series is left out. */
export const writeFamilies = (families: readonly Family[]): string =>
  families
    .filter(({ series }) => series.length > 0)
    .flatMap(({ name, type, help, series }) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} ${type}`,
      ...series.map(({ labels = {}, value }) => `${name}${writeLabels(labels)} ${value}`),
      '',
    ])
    .join('\n');

function writeLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${quoteLabel(value)}"`);
  return pairs.length > 0 ? `{${pairs.join(',')}}` : '';
}

const quoteLabel = (value: string) => value.replaceAll(/[\\"\n]/g, (found) => (found === '\n' ? '\\n' : `\\${found}`));

import { send } from './http/client.ts';

/** One line of `/metrics`. */
export interface Series {
  name: string;
  labels: Record<string, string>;
  value: number;
}

export async function readMetrics(url: string): Promise<Series[]> {
  const text = await (await send(url, 'GET /metrics')).text();
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, text]) => [key, text]);
      return { name, labels: Object.fromEntries(pairs), value: Number(value) };
    });
}

/** The sum of all series with this name that carry these labels. */
export const sumOf = (series: readonly Series[], name: string, labels: Record<string, string> = {}): number =>
  series
    .filter((one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value))
    .reduce((sum, { value }) => sum + value, 0);

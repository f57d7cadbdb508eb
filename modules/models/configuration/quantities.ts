/* How durations and sizes are written in the configuration. */

const MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const BYTES = { B: 1, KiB: 1024, MiB: 1_048_576 } as const;

/** Milliseconds of `300ms`, `3s`, `5m`, `1h` or `7d`; undefined for other texts. */
export const readDuration = (text: string): number | undefined => read(text, /^(\d{1,9})(ms|s|m|h|d)$/, MS);

/** Bytes of `512KiB`, `2MiB` or `100B`; undefined for other texts. */
export const readSize = (text: string): number | undefined => read(text, /^(\d{1,9})(B|KiB|MiB)$/, BYTES);

function read(text: string, form: RegExp, units: Record<string, number>): number | undefined {
  const [, count, unit = ''] = form.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (units[unit] as number);
}

/** What a text of a document stands for, or what is in effect without one. */
export const duration = (text: string | undefined, otherwise: number): number =>
  quantity(text, otherwise, readDuration);
/** The same in bytes. */
export const size = (text: string | undefined, otherwise: number): number => quantity(text, otherwise, readSize);

function quantity(text: string | undefined, otherwise: number, read: (text: string) => number | undefined): number {
  if (text === undefined) return otherwise;
  const value = read(text);
  if (value === undefined) throw new Error(`Resolve configuration: "${text}" is neither a duration nor a size`);
  return value;
}

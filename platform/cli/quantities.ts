/** Sizes, durations and times as people read them in tables; what is not known is an empty cell. */

const sizes = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** `412 MiB`, `1.5 GiB`. */
export function bytes(value: number | undefined): string {
  if (value === undefined) return '';
  const step = Math.min(sizes.length - 1, Math.floor(Math.log2(Math.max(1, value)) / 10));
  const scaled = value / 1024 ** step;
  return `${step > 0 && scaled < 10 ? scaled.toFixed(1) : Math.round(scaled)} ${sizes[step]}`;
}

/** `84 ms`, `1.2 s`, `2 min 5 s`, `3 h 4 min`, `5 d 2 h`. */
export function duration(ms: number | undefined): string {
  if (ms === undefined) return '';
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 9_950) return `${(ms / 1_000).toFixed(1)} s`;
  const total = Math.round(ms / 1_000);
  const parts = [
    [Math.floor(total / 86_400), 'd'],
    [Math.floor(total / 3_600) % 24, 'h'],
    [Math.floor(total / 60) % 60, 'min'],
    [total % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

/** The same of seconds. */
export const seconds = (value: number | undefined): string => duration(value === undefined ? undefined : value * 1_000);

/** `2026-01-31 09:05:00` in the machine's time zone. */
export function dateTime(iso: string | undefined): string {
  if (iso === undefined) return '';
  const at = new Date(iso);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = [at.getFullYear(), at.getMonth() + 1, at.getDate()].map(two).join('-');
  return `${day} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')}`;
}

/** `0.4 %` of a share between 0 and 1. */
export const percent = (share: number | undefined): string =>
  share === undefined ? '' : `${share > 0 && share < 0.1 ? (share * 100).toFixed(1) : Math.round(share * 100)} %`;

import { InvalidArgumentError } from 'commander';

const UNITS_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A span as it is typed, `90m`, `24h` or `7d`, in milliseconds. @throws what commander shows */
export function period(typed: string): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(typed) ?? [];
  if (count === '' || Number(count) === 0) throw new InvalidArgumentError('Must be a span such as 90m, 24h or 7d.');
  return Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS];
}

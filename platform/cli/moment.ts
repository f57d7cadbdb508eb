import { InvalidArgumentError } from 'commander';

const UNITS_MS = { s: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const;

/**
 * Reads `2h`, so long before now, or a time such as `2026-01-31`, `2026-01-31 09:05` and `2026-01-31T09:05:00Z`; without a zone it is the
 * machine's.
 */
export function moment(text: string, now = new Date()): Date {
  const [, count, unit] = /^(\d+) ?(s|m|min|h|d|w)$/.exec(text) ?? [];
  if (unit !== undefined) return new Date(now.getTime() - Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS]);
  if (/^\d{4}-\d\d-\d\d/.test(text)) {
    // A day alone would be one of UTC.
    const at = new Date(text.length === 10 ? `${text}T00:00` : text.replace(' ', 'T'));
    if (!Number.isNaN(at.getTime())) return at;
  }
  throw new InvalidArgumentError('It must be so long ago, such as 30m, 2h or 1d, or a time such as 2026-01-31 09:05.');
}

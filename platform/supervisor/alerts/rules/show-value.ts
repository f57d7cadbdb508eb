import type { ValueUnit } from './rule.ts';

/** A value as people read it: `97 %`, `26 h`, `1.2 s`, `12`. */
export function showValue(value: number, unit: ValueUnit): string {
  switch (unit) {
    case 'none':
      return '';
    case 'share':
      return `${round(value * 100)} %`;
    case 'seconds':
      return showSeconds(value);
    case 'count':
    case 'rate':
      return round(value);
  }
}

/** Two digits that matter, and no more after the point. */
function round(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 10) return String(Math.round(value));
  return String(Number(value.toPrecision(2)));
}

const UNITS = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
] as const;

/** `45 s`, `26 h`, `8 d`: the largest unit of which there are two or more. */
export function showSeconds(seconds: number): string {
  if (seconds < 0) return `-${showSeconds(-seconds)}`;
  const [length, name] = UNITS.find(([unit]) => seconds >= 2 * unit) ?? [1, 's'];
  return `${length === 1 ? round(seconds) : Number((seconds / length).toFixed(1))} ${name}`;
}

import type { Language } from '../../app/language.tsx';

/* Figures of the platform as people read them; a dash stands for what was not measured. */

const NONE = '–';

/** A share from 0 to 1 as per cent: 0.0123 gives "1.2%". */
export function formatShare(language: Language, share: number | null | undefined): string {
  if (share === null || share === undefined) return NONE;
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: share < 0.1 ? 2 : 1 }).format(
    share,
  );
}

/** "0.3", "1,243". */
export function formatRate(language: Language, rate: number | null | undefined): string {
  if (rate === null || rate === undefined) return NONE;
  return new Intl.NumberFormat(language, { maximumFractionDigits: rate < 10 ? 2 : 0 }).format(rate);
}

/** A decimal amount as the API writes it, with its digits: "10000.00" gives "10 000,00". Nothing for null. */
export function formatDecimal(language: Language, value: string | null): string {
  if (value === null) return '';
  const digits = value.split('.')[1]?.length ?? 0;
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(language, options).format(value as Intl.StringNumericLiteral);
}

export function formatMs(language: Language, ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return NONE;
  const unit = ms < 10_000 ? 'millisecond' : 'second';
  const value = ms < 10_000 ? ms : ms / 1000;
  return unitText(language, unit, value);
}

const steps = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** A time that has passed, in its largest unit: 7,300 s gives "2 hr". */
export function formatAge(language: Language, seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return NONE;
  const [unit, size] = steps.find(([, length]) => seconds >= length) ?? (['second', 1] as const);
  return unitText(language, unit, seconds / size);
}

const unitText = (language: Language, unit: string, value: number) =>
  new Intl.NumberFormat(language, {
    ...{ style: 'unit', unit, unitDisplay: 'short' },
    maximumFractionDigits: value < 10 && !Number.isInteger(value) ? 1 : 0,
  }).format(value);

/** A release is named by a digest, of which the beginning tells it from others. */
export const shortRelease = (release: string): string => release.slice(0, 12);

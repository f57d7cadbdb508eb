/** Figures of a plan as people read them: no more digits than an estimate has. */

const grouped = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const NO_DIGITS_ABOVE = 1_000;

/** `1,698`, `13.2`, `0.0135`. */
export const rounded = (value: number): string =>
  value >= NO_DIGITS_ABOVE ? whole.format(value) : grouped.format(value);

/** `16.5 %`. */
export const share = (value: number): string => `${Number((value * 100).toFixed(1))} %`;

/** `118,040 ₽`. */
export const money = (value: number | null | undefined, currency: string): string =>
  value === null || value === undefined ? '' : `${rounded(value)} ${currency}`;

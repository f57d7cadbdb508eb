/** A number that is not negative, exact: `digits` × 10^-`scale`. */
export interface Decimal {
  digits: bigint;
  scale: number;
}

const form = /^(\d+)(?:\.(\d+))?(?:e([+-]?\d{1,2}))?$/i;

/** @returns undefined for what is not a number, or is negative; numbers stand for the shortest text that means them */
export function readDecimal(value: unknown): Decimal | undefined {
  const [text, whole = '', fraction = '', exponent = '0'] = form.exec(String(value)) ?? [];
  if (text === undefined || (typeof value !== 'number' && typeof value !== 'string')) return undefined;
  const scale = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale };
}

export const multiply = (a: Decimal, b: Decimal): Decimal => ({
  digits: a.digits * b.digits,
  scale: a.scale + b.scale,
});

/** Rounded half up to so many places, as text: `12.50`. */
export function toPlaces({ digits, scale }: Decimal, places: number): string {
  const power = 10n ** BigInt(Math.abs(scale - places));
  const rounded = scale > places ? (digits * 2n + power) / (power * 2n) : digits * power;
  const text = rounded.toString().padStart(places + 1, '0');
  return `${text.slice(0, -places)}.${text.slice(-places)}`;
}

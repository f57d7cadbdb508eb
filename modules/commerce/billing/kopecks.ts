/**
 * Money of invoices, payments and the ledger: whole kopecks as integers. Decimal texts come from the database (`numeric`)
 * and from payment providers, and never go through floating point.
 */

/** More than any invoice may come to: a billion roubles. Far below what a number holds exactly. */
export const MOST_KOPECKS = 100_000_000_000;

/** Amounts as providers write them. */
export const roublesPattern = /^(0|[1-9]\d{0,9})(?:\.(\d{1,2}))?$/;

/** Kopecks of roubles such as `5000`, `5000.5` or `5000.00`. @throws Error for anything else, signs and exponents included */
export function kopecksOf(roubles: string): number {
  const [, whole, part = ''] = roublesPattern.exec(roubles) ?? [];
  if (whole === undefined) throw new Error(`Read amount "${roubles}": not roubles with at most two decimals`);
  return Number(whole) * 100 + Number(part.padEnd(2, '0'));
}

/** Roubles with two decimals, as in `5000.00`. */
export function roublesOf(kopecks: number): string {
  if (!Number.isSafeInteger(kopecks) || kopecks < 0) throw new Error(`Write amount "${kopecks}": not whole kopecks`);
  return `${Math.trunc(kopecks / 100)}.${String(kopecks % 100).padStart(2, '0')}`;
}

/**
 * The part of `amount` that falls on `part` of `whole` (both in milliseconds), rounded down to a whole kopeck, so in favour
 * of who pays. Exact: computed on big integers.
 */
export function prorate(amount: number, part: number, whole: number): number {
  if (part < 0 || whole <= 0 || part > whole) throw new Error(`Prorate "${part}" of "${whole}": not a part of it`);
  return Number((BigInt(amount) * BigInt(part)) / BigInt(whole));
}

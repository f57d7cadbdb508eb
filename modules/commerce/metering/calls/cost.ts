import type { CallUsage } from './contract.ts';

/** A price in hundred-millionths of a rouble: of one token, image, second or request. */
export interface CallPrice {
  /** Milliseconds since the epoch. */
  validFrom: number;
  aboveTokens: number;
  prompt: bigint;
  completion: bigint;
  cached: bigint;
  cacheWrite: bigint;
  reasoning: bigint;
  image: bigint;
  second: bigint;
  request: bigint;
}

/** Usage with every figure. */
export type CountedUsage = Required<CallUsage>;

/** The largest figure that a column holds. */
const MOST = 2_000_000_000;

/** What upstreams report is taken as whole and not negative. */
const whole = (value = 0): number => (value > 0 ? Math.min(Math.round(value), MOST) : 0);

export const countUsage = (usage: CallUsage): CountedUsage => ({
  input: whole(usage.input),
  cached: whole(usage.cached),
  cacheWrite: whole(usage.cacheWrite),
  output: whole(usage.output),
  reasoning: whole(usage.reasoning),
  images: whole(usage.images),
  seconds: whole(usage.seconds),
  requests: whole(usage.requests ?? 1),
});

/** The same sum as `db/functions/commerce/prices/price_usage.sql`. @returns hundred-millionths of a rouble */
export function priceUsage(price: CallPrice, usage: CountedUsage): bigint {
  const { input, cached, cacheWrite, output, reasoning, images, seconds, requests } = usage;
  return (
    BigInt(Math.max(input - cached - cacheWrite, 0)) * price.prompt +
    BigInt(cached) * price.cached +
    BigInt(cacheWrite) * price.cacheWrite +
    BigInt(Math.max(output - reasoning, 0)) * price.completion +
    BigInt(reasoning) * price.reasoning +
    BigInt(images) * price.image +
    BigInt(seconds) * price.second +
    BigInt(requests) * price.request
  );
}

const PLACES = 8;

/** @param text a number that is not negative, such as `1234.50` @param places decimals that the result counts in, at most */
export function fromDecimal(text: string, places = PLACES): bigint {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.slice(0, places).padEnd(places, '0'));
}

/** Roubles with eight decimals, as the database writes them. */
export function toDecimal(amount: bigint): string {
  const digits = amount.toString().padStart(PLACES + 1, '0');
  return `${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`;
}

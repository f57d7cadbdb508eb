import { type Decimal, multiply, readDecimal, toPlaces } from './decimal.ts';

/** Prices of one model from one size of prompt on, as `model_prices` has them: exact text in roubles. */
export interface PriceRow {
  aboveTokens: number;
  prompt: string;
  completion: string;
  cached: string;
  cacheWrite: string | null;
  reasoning: string | null;
  image: string | null;
  second: string | null;
  request: string | null;
}

/** The rows of one entry of the public price list, the first of which is for any prompt. */
export interface PublicPrice {
  rows: [PriceRow, ...PriceRow[]];
  /** Names of the entry that stand for costs and that we have no kind for. */
  ignored: string[];
}

/** Names of the public list, in dollars: of a token, and of one thing. */
const ofToken = {
  prompt: 'input_cost_per_token',
  completion: 'output_cost_per_token',
  cached: 'cache_read_input_token_cost',
  cacheWrite: 'cache_creation_input_token_cost',
  reasoning: 'output_cost_per_reasoning_token',
} as const;
const ofThing = {
  image: 'output_cost_per_image',
  second: 'input_cost_per_second',
  request: 'input_cost_per_request',
} as const;
const aboveForm = /^(.+)_above_(\d{1,6})k_tokens$/;

const MILLION: Decimal = { digits: 1_000_000n, scale: 0 };
/** Beyond these the columns overflow. */
const MOST = { token: 10 ** 10, thing: 10 ** 12 };

/**
 * Reads an entry of the price list that the field shares (`model_prices_and_context_window.json`).
 * @returns the reason when it is of no use
 */
export function readPublicPrice(entry: Record<string, unknown>, roublesPerDollar: Decimal): PublicPrice | string {
  const perToken = (name: string) => price(entry[name], multiply(roublesPerDollar, MILLION), 2);
  const perThing = (name: string) => price(entry[name], roublesPerDollar, 8);
  const names = Object.keys(entry).filter((name) => name.includes('cost') && entry[name] !== null);
  const unreadable = names.find((name) => typeof entry[name] === 'number' && readDecimal(entry[name]) === undefined);
  if (unreadable !== undefined) return `"${unreadable}" is not a price`;

  const things = {
    image: perThing(ofThing.image),
    second: perThing(ofThing.second),
    request: perThing(ofThing.request),
  };
  const hasThings = Object.values(things).some((value) => value !== null);
  const prompt = perToken(ofToken.prompt) ?? (hasThings ? '0.00' : null);
  if (prompt === null) return `has no "${ofToken.prompt}"`;
  const base: PriceRow = {
    aboveTokens: 0,
    prompt,
    completion: perToken(ofToken.completion) ?? '0.00',
    cached: perToken(ofToken.cached) ?? prompt,
    cacheWrite: perToken(ofToken.cacheWrite),
    reasoning: perToken(ofToken.reasoning),
    ...things,
  };
  const tiers = tiersOf(names).map((thousands): PriceRow => {
    const above = (name: string) => perToken(`${name}_above_${thousands}k_tokens`);
    const dearer = above(ofToken.prompt) ?? base.prompt;
    return {
      ...base,
      aboveTokens: thousands * 1000,
      prompt: dearer,
      completion: above(ofToken.completion) ?? base.completion,
      cached: above(ofToken.cached) ?? (entry[ofToken.cached] === undefined ? dearer : base.cached),
      cacheWrite: above(ofToken.cacheWrite) ?? base.cacheWrite,
      reasoning: above(ofToken.reasoning) ?? base.reasoning,
    };
  });
  const rows: PublicPrice['rows'] = [base, ...tiers];
  if (rows.some(isTooLarge)) return 'is too large';
  return { rows, ignored: names.filter((name) => !isKnown(name)) };
}

function price(value: unknown, factor: Decimal, places: number): string | null {
  const dollars = typeof value === 'number' ? readDecimal(value) : undefined;
  return dollars ? toPlaces(multiply(dollars, factor), places) : null;
}

/** Thousands of tokens above which there are other prices, ascending. */
function tiersOf(names: string[]): number[] {
  const found = names.flatMap((name) => {
    const [, kind = '', thousands] = aboveForm.exec(name) ?? [];
    return isTokenKind(kind) && Number(thousands) > 0 ? [Number(thousands)] : [];
  });
  return [...new Set(found)].sort((a, b) => a - b);
}

const isTokenKind = (name: string) => (Object.values(ofToken) as string[]).includes(name);
const isKnown = (name: string) =>
  isTokenKind(name) ||
  isTokenKind(aboveForm.exec(name)?.[1] ?? '') ||
  (Object.values(ofThing) as string[]).includes(name);

const isTooLarge = ({ aboveTokens: _, image, second, request, ...tokens }: PriceRow) =>
  Object.values(tokens).some((value) => Number(value) >= MOST.token) ||
  [image, second, request].some((value) => Number(value) >= MOST.thing);

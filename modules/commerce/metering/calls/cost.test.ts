import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../../../platform/testing/database.ts';
import { countUsage, fromDecimal, priceUsage, toDecimal } from './cost.ts';
import { createPrices } from './prices.ts';

const database = await testDatabase();
afterAll(() => database.close());

const amount = (most: number, places: number) =>
  fc
    .tuple(fc.bigInt(0n, BigInt(most)), fc.bigInt(0n, 10n ** BigInt(places) - 1n))
    .map(([whole, fraction]) => `${whole}.${fraction.toString().padStart(places, '0')}`);
const perMillion = amount(10_000_000, 2);
const perOne = amount(10_000, 8);
const orNone = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const price = fc.record({
  ...{ prompt: perMillion, completion: perMillion, cached: perMillion },
  ...{ cacheWrite: orNone(perMillion), reasoning: orNone(perMillion) },
  ...{ image: orNone(perOne), second: orNone(perOne), request: orNone(perOne) },
});
const figure = fc.oneof(fc.integer({ min: 0, max: 300_000 }), fc.constantFrom(0, 1, 200_000, 200_001, 2_000_000_000));
const usage = fc.record({
  ...{ input: figure, cached: figure, cacheWrite: figure, output: figure, reasoning: figure },
  ...{ images: fc.integer({ min: 0, max: 9 }), seconds: figure },
});

describe('the cost that a process reckons', () => {
  it('is that of the database for any price, tier and usage', async () => {
    await fc.assert(
      fc.asyncProperty(price, price, usage, fc.nat(5), async (base, tier, used, requests) => {
        const model = crypto.randomUUID();
        for (const [above, row] of [
          [0, base],
          [200_000, tier],
        ] as const) {
          await database.owner`
            insert into model_prices (model, valid_from, above_tokens, prompt, completion, cached, cache_write, reasoning, image, second, request)
            values (${model}, now() - interval '1 hour', ${above}, ${row.prompt}, ${row.completion}, ${row.cached}, ${row.cacheWrite},
              ${row.reasoning}, ${row.image}, ${row.second}, ${row.request})`;
        }
        const prices = createPrices(database.tenant);
        await prices.refresh();
        const found = prices.find(model, Date.now(), used.input);
        if (!found) throw new Error('no price');
        const [row] = await database.owner`
          select price_usage(p, ${used.input}, ${used.cached}, ${used.cacheWrite}, ${used.output}, ${used.reasoning}, ${used.images},
            ${used.seconds}, ${requests})::numeric(30, 8)::text as cost
          from price_of(${model}, now(), ${used.input}) p`;
        expect(toDecimal(priceUsage(found, countUsage({ ...used, requests })))).toBe(row?.cost);
      }),
      { numRuns: 60 },
    );
  });

  it('takes what upstreams report as whole and not negative', () => {
    expect(countUsage({ input: 1.6, output: -3, cached: Number.NaN, reasoning: 1e12 })).toEqual({
      ...{
        input: 2,
        output: 0,
        cached: 0,
        cacheWrite: 0,
        reasoning: 2_000_000_000,
        images: 0,
        seconds: 0,
        requests: 1,
      },
    });
  });

  it.each([
    ['0', '0.00000000'],
    ['12.5', '12.50000000'],
    ['0.00000001', '0.00000001'],
    ['123456789012.1', '123456789012.10000000'],
  ])('is exact text: %s', (text, expected) => {
    expect(toDecimal(fromDecimal(text))).toBe(expected);
  });
});

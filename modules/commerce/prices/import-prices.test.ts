import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../../platform/testing/database.ts';
import { multiply, readDecimal, toPlaces } from './decimal.ts';
import { importPrices } from './import-prices.ts';

const database = await testDatabase();
afterAll(() => database.close());

const list = {
  sample_spec: { input_cost_per_token: 0 },
  'gpt-small': {
    input_cost_per_token: 1.5e-7,
    output_cost_per_token: 6e-7,
    cache_read_input_token_cost: 7.5e-8,
    max_tokens: 9,
  },
  'claude-long': {
    ...{ input_cost_per_token: 3e-6, output_cost_per_token: 1.5e-5, cache_creation_input_token_cost: 3.75e-6 },
    ...{ cache_read_input_token_cost: 3e-7, output_cost_per_reasoning_token: 2e-5 },
    ...{ input_cost_per_token_above_200k_tokens: 6e-6, output_cost_per_token_above_200k_tokens: 2.25e-5 },
    ...{ cache_creation_input_token_cost_above_1hr: 6e-6 },
  },
  'draw/one': { output_cost_per_image: 0.04 },
  hear: { input_cost_per_second: 0.0001, output_cost_per_second: 0 },
  empty: { max_tokens: 5 },
  wrong: { input_cost_per_token: -1 },
  'a name': { input_cost_per_token: 1e-6 },
  odd: 7,
};
const terms = { roublesPerDollar: '92.5', validFrom: new Date('2026-03-01T00:00:00Z') };

describe('importPrices', () => {
  it('takes prices in roubles for a million tokens, with their tiers, and says what it left out and why', async () => {
    const dry = await importPrices(database.platform, list, { ...terms, dryRun: true });
    const [none] = await database.owner`select count(*)::int as n from model_prices where valid_from = '2026-03-01'`;
    expect(none?.n).toBe(0);
    const report = await importPrices(database.platform, list, terms);
    expect(report).toEqual(dry);
    expect(report.taken.map(({ model, ignored }) => [model, ignored])).toEqual([
      ['gpt-small', []],
      ['claude-long', ['cache_creation_input_token_cost_above_1hr']],
      ['draw/one', []],
      ['hear', ['output_cost_per_second']],
    ]);
    expect(report.leftOut).toEqual([
      { model: 'empty', why: 'has no "input_cost_per_token"' },
      { model: 'wrong', why: '"input_cost_per_token" is not a price' },
      { model: 'a name', why: 'is not a price of a model' },
      { model: 'odd', why: 'is not a price of a model' },
    ]);
    const rows = await database.owner`
      select model, above_tokens::int as above, prompt, completion, cached, cache_write as write, reasoning, image, second
      from model_prices where valid_from = '2026-03-01' order by model, above_tokens`;
    const nothing = { write: null, reasoning: null, image: null, second: null };
    expect([...rows]).toEqual([
      {
        ...{ model: 'claude-long', above: 0, prompt: '277.50', completion: '1387.50', cached: '27.75' },
        ...{ ...nothing, write: '346.88', reasoning: '1850.00' },
      },
      {
        ...{ model: 'claude-long', above: 200_000, prompt: '555.00', completion: '2081.25', cached: '27.75' },
        ...{ ...nothing, write: '346.88', reasoning: '1850.00' },
      },
      {
        ...nothing,
        model: 'draw/one',
        above: 0,
        prompt: '0.00',
        completion: '0.00',
        cached: '0.00',
        image: '3.70000000',
      },
      { ...nothing, model: 'gpt-small', above: 0, prompt: '13.88', completion: '55.50', cached: '6.94' },
      { ...nothing, model: 'hear', above: 0, prompt: '0.00', completion: '0.00', cached: '0.00', second: '0.00925000' },
    ]);
  });

  it('leaves out what costs the same already, and takes only what is asked for', async () => {
    const validFrom = new Date('2026-04-01T00:00:00Z');
    const again = await importPrices(database.platform, list, { ...terms, validFrom });
    expect(again.taken).toEqual([]);
    expect(again.leftOut).toContainEqual({ model: 'gpt-small', why: 'has this price already' });
    const some = await importPrices(database.platform, list, {
      ...{ validFrom, roublesPerDollar: '100', only: ['gpt-small', 'gone'] },
    });
    expect(some.taken.map(({ model }) => model)).toEqual(['gpt-small']);
    expect(some.leftOut).toEqual([{ model: 'gone', why: 'is not in the list' }]);
  });

  it.each(['0', '-1', 'many', ''])('refuses the rate "%s"', async (roublesPerDollar) => {
    await expect(importPrices(database.platform, list, { ...terms, roublesPerDollar })).rejects.toThrow(
      'not a number above zero',
    );
  });
});

describe('a decimal', () => {
  it.each([
    [1.5e-7, '92.5', 10, '0.0000138750'],
    ['0.005', '1', 2, '0.01'],
    ['0.00499', '1', 2, '0.00'],
    [1e21, '1', 2, '1000000000000000000000.00'],
    [3, '2.50', 2, '7.50'],
  ] as const)('%s × %s has %i places as %s', (a, b, places, expected) => {
    const [left, right] = [readDecimal(a), readDecimal(b)];
    if (!left || !right) throw new Error('not read');
    expect(toPlaces(multiply(left, right), places)).toBe(expected);
  });
});

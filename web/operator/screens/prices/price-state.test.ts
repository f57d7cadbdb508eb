import { expect, it } from 'vitest';
import { priceState } from './price-state.ts';

it('is in force until the next price of the same model and size begins', () => {
  const price = (model: string, validFrom: string, aboveTokens = 0) => ({ model, validFrom, aboveTokens });
  const first = price('a', '2026-01-01T00:00:00Z');
  const second = price('a', '2026-02-01T00:00:00Z');
  const third = price('a', '2026-03-01T00:00:00Z');
  const large = price('a', '2026-01-01T00:00:00Z', 200_000);
  const other = price('b', '2026-01-01T00:00:00Z');
  const all = [third, second, first, large, other];
  const states = all.map((one) => priceState(one, all, Date.parse('2026-02-15T00:00:00Z')));
  expect(states).toEqual(['later', 'inForce', 'past', 'inForce', 'inForce']);
});

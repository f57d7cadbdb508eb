import { expect, it } from 'vitest';
import { showValue } from './show-value.ts';

it.each([
  [0.97, 'share', '97 %'],
  [0.0144, 'share', '1.4 %'],
  [0.2, 'seconds', '0.2 s'],
  [90, 'seconds', '90 s'],
  [900, 'seconds', '15 min'],
  [93_600, 'seconds', '26 h'],
  [8 * 86_400, 'seconds', '8 d'],
  [-7_200, 'seconds', '-2 h'],
  [1_234.6, 'count', '1235'],
  [0.333, 'rate', '0.33'],
  [1, 'none', ''],
] as const)('%d as %s is "%s"', (value, unit, shown) => {
  expect(showValue(value, unit)).toBe(shown);
});

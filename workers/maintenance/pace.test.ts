import { expect, it } from 'vitest';
import { createPace } from './pace.ts';

it('is due at once, and again after each interval', () => {
  const pace = createPace(1000);
  const at = (ms: number) => pace.isDue(ms);
  expect([at(0), at(1), at(999), at(1000), at(1500), at(2500), at(3499)]).toEqual([
    true,
    false,
    false,
    true,
    false,
    true,
    false,
  ]);
});

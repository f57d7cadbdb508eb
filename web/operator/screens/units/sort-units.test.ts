import type { Schemas } from '@pandect/client';
import { expect, it } from 'vitest';
import { sortUnits } from './sort-units.ts';

const unit = (name: string, p95Ms: number | null) => ({ name, p95Ms }) as Schemas['ConsoleUnit'];

it('puts the largest figure first, and what has none last', () => {
  const units = [unit('none', null), unit('slow', 90), unit('fast', 3), unit('also-none', null), unit('zero', 0)];
  expect(sortUnits(units, 'p95').map(({ name }) => name)).toEqual(['slow', 'fast', 'zero', 'also-none', 'none']);
  expect(sortUnits(units, 'name').map(({ name }) => name)).toEqual(['also-none', 'fast', 'none', 'slow', 'zero']);
});

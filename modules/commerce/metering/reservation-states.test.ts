import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { reservationStates } from '../../../db/schema/commerce/usage-reservations.ts';

it('are those of the diagram in the documentation', async () => {
  const text = await readFile(join(import.meta.dirname, '../../../docs/metering.md'), 'utf8');
  const arrows = [...text.matchAll(/^ {2}(\S+) --> ([^\s:]+)/gm)].flatMap(([, from = '', to = '']) => [from, to]);
  expect(new Set(arrows)).toEqual(new Set(['[*]', ...reservationStates]));
});

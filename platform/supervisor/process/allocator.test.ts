import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { allocatorVariables } from './allocator.ts';

it('is told the same to the supervisor by its script', async () => {
  const script = await readFile(join(import.meta.dirname, '../../../scripts/node.sh'), 'utf8');
  const told = Array.from(script.matchAll(/\b(MALLOC_\w+)=(\S+)/g), ([, name, value]) => [name, value]);
  expect(Object.fromEntries(told)).toEqual(allocatorVariables);
});

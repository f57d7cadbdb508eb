import { writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { toDiskProblem } from './disk-full.ts';

it('tells a full disk from what else may fail', async () => {
  const full = await writeFile('/dev/full', 'x').catch((error: unknown) => error);
  expect(toDiskProblem(full)).toMatchObject({ type: 'unavailable', cause: full, headers: { 'retry-after': '60' } });
  const missing = await writeFile('/nowhere/at/all', 'x').catch((error: unknown) => error);
  for (const other of [missing, new Error('other'), null, undefined, 'ENOSPC'])
    expect(toDiskProblem(other)).toBe(other);
});

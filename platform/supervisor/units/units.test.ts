import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { Unit } from '../unit.ts';
import type { UnitTools } from './managed-unit.ts';
import { Units } from './units.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

it('deploys nothing that the database has no room for', async () => {
  const planned: string[] = [];
  const units = new Units([], {
    tools: { root } as UnitTools,
    ownSource: () => ({ root }),
    prepare: () => Promise.reject(new Error('prepared')),
    onDeployed: async () => {},
    assertRoom(all: readonly Unit[]) {
      planned.push(...all.map(({ name }) => name));
      throw new Error('Share database connections: 102, over the 100');
    },
  });
  await expect(units.deploy(['usage'], { watch: 0 }, () => {})).rejects.toThrow('102, over the 100');
  expect(planned).toEqual(['usage']);
  expect(units.all).toEqual([]);
});

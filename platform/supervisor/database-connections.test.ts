import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { defineFunction, defineWorker } from '../kernel/manifest.ts';
import { connectionsAccepted, connectionsNeeded } from './database-connections.ts';
import { readUnits, type Unit } from './unit.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const none = connectionsNeeded([]);
const more = (...units: Unit[]) => connectionsNeeded(units) - none;

describe('connections to the database', () => {
  const place = { name: 'probe', folder: '/probe' };
  const probe = (changes: Partial<Parameters<typeof defineFunction>[0]>): Unit => ({
    ...{ kind: 'function', ...place },
    manifest: defineFunction({ mount: ['/api/probe'], ...changes }),
  });

  it('are needed for each process of each unit that uses one, twice while it is replaced', () => {
    const one = more(probe({ database: 'tenant' }));
    expect(one).toBe(16);
    expect(more(probe({ database: 'tenant', instances: { min: 0, max: 3 } }))).toBe(3 * one);
    expect(more({ kind: 'worker', ...place, manifest: defineWorker({ database: 'platform' }) })).toBe(one);
    expect(more(probe({}))).toBe(0);
  });

  it('are accepted by the embedded server for every unit of this checkout, and for those that the server keeps back', async () => {
    const units = await readUnits(root);
    const KEPT_BACK = 3; // superuser_reserved_connections
    expect(connectionsNeeded(units)).toBeGreaterThan(200);
    expect(connectionsAccepted(units)).toBeGreaterThanOrEqual(connectionsNeeded(units) + KEPT_BACK);
  });
});

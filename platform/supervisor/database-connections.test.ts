import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { defineFunction, defineWorker } from '../kernel/manifest.ts';
import { connectionsAccepted, connectionsNeeded, planConnections } from './database-connections.ts';
import { readUnits, type Unit } from './unit.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

const usual = { DATABASE_CONNECTIONS: 100, DATABASE_POOL: undefined };
const place = { name: 'probe', folder: '/probe' };
type Changes = Partial<Parameters<typeof defineFunction>[0]>;
const probe = (changes: Changes): Unit => ({
  ...{ kind: 'function', ...place },
  manifest: defineFunction({ mount: ['/api/probe'], database: 'tenant', ...changes }),
});
const worker = (max: number): Unit => ({
  ...{ kind: 'worker', ...place },
  manifest: defineWorker({ database: 'platform', instances: { min: 1, max } }),
});
const many = (count: number, changes: Changes = {}) => Array.from({ length: count }, () => probe(changes));

describe('a plan of connections', () => {
  it('gives all of them away, in the proportions of the manifests', () => {
    const [large, small] = [probe({ connections: 6 }), probe({})];
    const plan = planConnections([large, small], usual);
    // 100 less 6 of operators and one next to each pool.
    expect([plan.poolOf(large), plan.poolOf(small)]).toEqual([69, 23]);
    expect(plan.sum).toBe(100);
  });

  it('takes from those that ask for more when there is less, and leaves two to each', () => {
    const units = [probe({ connections: 10 }), ...many(28)];
    const plan = planConnections(units, usual);
    expect(units.map(plan.poolOf)).toEqual([9, ...many(28).map(() => 2)]);
    expect(plan.sum).toBe(100);
  });

  it('counts every process that scaling may start, and what workers take jobs over', () => {
    const plan = planConnections([probe({ instances: { min: 0, max: 4 } }), worker(3)], {
      ...usual,
      DATABASE_POOL: 5,
    });
    expect(plan).toMatchObject({ processes: 7, sum: 4 * (5 + 1) + 3 * (5 + 2) + 6 });
  });

  it('counts nothing of what has no database', () => {
    expect(planConnections(many(200, { database: 'none' }), usual)).toMatchObject({ processes: 0, sum: 6 });
  });

  it.each([
    [many(32), usual, '32 processes with 2 in their pools and 38 others are 102, over the 100 of DATABASE_CONNECTIONS'],
    [
      many(8),
      { ...usual, DATABASE_POOL: 12 },
      '8 processes with 12 in their pools and 14 others are 110, over the 100 of DATABASE_CONNECTIONS',
    ],
  ])('is refused with its sum when they do not suffice: %#', (units, settings, message) => {
    expect(() => planConnections(units, settings)).toThrow(`Share database connections: ${message}`);
  });

  it('fits the units of this checkout, with what their manifests ask for', async () => {
    const units = await readUnits(root);
    const plan = planConnections(units, usual);
    expect(plan.sum).toBeLessThanOrEqual(100);
    for (const unit of units) expect(plan.poolOf(unit)).toBeGreaterThanOrEqual(unit.manifest.connections);
  });
});

describe('connections to the database', () => {
  const none = connectionsNeeded([], usual);
  const more = (...units: Unit[]) => connectionsNeeded(units, { ...usual, DATABASE_POOL: 5 }) - none;

  it('are needed for each process of each unit that uses one, twice while it is replaced', () => {
    const one = more(probe({}));
    expect(one).toBe(14);
    expect(more(probe({ instances: { min: 0, max: 3 } }))).toBe(3 * one);
    expect(more(worker(1))).toBe(16);
    expect(more(probe({ database: 'none' }))).toBe(0);
  });

  it('are accepted by the embedded server for every unit of this checkout, and for those that the server keeps back', async () => {
    const units = await readUnits(root);
    const KEPT_BACK = 3; // superuser_reserved_connections
    const accepted = connectionsAccepted(units, usual);
    expect(accepted).toBeGreaterThanOrEqual(connectionsNeeded(units, usual) + KEPT_BACK);
    expect(accepted).toBeGreaterThan(2 * usual.DATABASE_CONNECTIONS);
  });
});

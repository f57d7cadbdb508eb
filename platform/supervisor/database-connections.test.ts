import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { defineFunction, defineWorker } from '../kernel/manifest.ts';
import { connectionsAccepted, connectionsNeeded, planConnections, roomToScale } from './database-connections.ts';
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
  it('gives all that scaling may use away, in the proportions of the manifests', () => {
    const [large, small] = [probe({ connections: 6 }), probe({})];
    const plan = planConnections([large, small], usual);
    // 80 less 6 of operators and one next to each pool.
    expect([plan.poolOf(large), plan.poolOf(small)]).toEqual([54, 18]);
    expect([plan.sum, plan.most]).toEqual([80, 80]);
  });

  it('takes from those that ask for more when there is less, and leaves two to each', () => {
    const units = [probe({ connections: 10 }), ...many(28)];
    const plan = planConnections(units, usual);
    expect(units.map(plan.poolOf)).toEqual([9, ...many(28).map(() => 2)]);
    expect(plan.sum).toBe(100);
  });

  it('counts the first process of each, those that sleep included, and what workers take jobs over', () => {
    const plan = planConnections([probe({ instances: { min: 0, max: 4 } }), worker(3)], {
      ...usual,
      DATABASE_POOL: 5,
    });
    expect(plan).toMatchObject({
      processes: 2,
      sum: 5 + 1 + (5 + 2) + 6,
      most: 4 * (5 + 1) + 3 * (5 + 2) + 6,
      limit: 80,
    });
  });

  it('makes pools larger only where all processes that scaling may start have room as well', () => {
    const units = many(4, { connections: 3, instances: { min: 1, max: 4 } });
    expect(planConnections(units, { ...usual, DATABASE_CONNECTIONS: 200 }).poolOf(units[0] as Unit)).toBe(8);
    expect(planConnections(units, { ...usual, DATABASE_CONNECTIONS: 60 }).poolOf(units[0] as Unit)).toBe(3);
  });

  it('lets scaling go to 80 % of the connections and not beyond', () => {
    const units = many(4, { connections: 3, instances: { min: 1, max: 4 } }).map((unit, n) => ({
      ...unit,
      name: `p${n}`,
    }));
    const [first] = units as [Unit];
    const settings = { ...usual, DATABASE_CONNECTIONS: 60 };
    const room = (running: number) => roomToScale(units, first, ({ name }) => (name === 'p3' ? running : 1), settings);
    // 48 less 6 of operators: 42 for processes of 4 each, of which the first of each unit take 16.
    expect(room(1)).toEqual({ processes: 6, each: 4, taken: 22, limit: 48 });
    expect(room(4)).toMatchObject({ processes: 3, taken: 34 });
    expect(room(9)).toMatchObject({ processes: 0 });
    // One that sleeps may wake at any time.
    expect(room(0)).toEqual(room(1));
    expect(roomToScale(units, probe({ database: 'none' }), () => 1, settings)).toBeUndefined();
    expect(planConnections(units, settings).most).toBe(48);
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

  it('fits the units of this checkout, with what their manifests ask for and room for scaling', async () => {
    const units = await readUnits(root);
    const settings = { ...usual, DATABASE_CONNECTIONS: 160 };
    const plan = planConnections(units, settings);
    expect(plan.sum).toBeLessThanOrEqual(plan.limit);
    for (const unit of units) expect(plan.poolOf(unit)).toBeGreaterThanOrEqual(unit.manifest.connections);
    const usage = units.find(({ name }) => name === 'usage') as Unit;
    expect(roomToScale(units, usage, () => 1, settings)?.processes).toBeGreaterThanOrEqual(4);
  });
});

describe('connections to the database', () => {
  const none = connectionsNeeded([], usual);
  const more = (...units: Unit[]) => connectionsNeeded(units, { ...usual, DATABASE_POOL: 5 }) - none;

  it('are needed for each process of each unit that uses one, twice while it is replaced', () => {
    const one = more(probe({}));
    expect(one).toBe(14);
    // Besides the rates of two more processes, counted by what each opens at the least.
    expect(more(probe({ instances: { min: 0, max: 3 } }))).toBe(2 * (3 * 6 + 1 + 4));
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

import { EventEmitter } from 'node:events';
import type pg from 'pg';
import { expect, it } from 'vitest';
import { runTransaction } from './run-transaction.ts';

/** A connection that notes what is sent on it, and its return to the pool. */
function fakePool() {
  const done: string[] = [];
  const client = Object.assign(new EventEmitter(), {
    connection: { parsedStatements: {} },
    async query({ text }: pg.QueryConfig) {
      done.push(text);
      return { rows: [] };
    },
    release: (isLost: boolean) => void done.push(isLost ? 'thrown away' : 'released'),
  });
  const take = async () => client as unknown as pg.PoolClient;
  const unused = () => Promise.reject(new Error('not used'));
  return { done, pool: { take, use: unused, query: unused, close: async () => {} } };
}

// With a name that the connection does not know, what opens the transaction is sent by itself.
const statement = { name: 'statement_0', text: 'select' };

it.each(Array.from({ length: 12 }, (_, ticks) => ticks))(
  'ends what was begun before the connection is released, however late it was asked: %i ticks after',
  async (ticks) => {
    for (const outcome of ['commit', 'rollback'] as const) {
      const { pool, done } = fakePool();
      const asked: Promise<unknown>[] = [];
      const work = async (send: (query: pg.QueryConfig) => Promise<unknown>) => {
        const later = async () => {
          for (let tick = 0; tick < ticks; tick++) await undefined;
          return send(statement);
        };
        asked.push(later().catch(() => {}));
        if (outcome === 'rollback') throw new Error('no');
      };
      await runTransaction(pool, ['begin'], work).catch(() => {});
      await Promise.all(asked);
      const whole = ['begin', 'select', outcome, 'released'];
      expect([whole, ['released']], `${outcome} ${done}`).toContainEqual(done);
    }
  },
);

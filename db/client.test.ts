import { setTimeout as sleep } from 'node:timers/promises';
import { eq, sql } from 'drizzle-orm';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { testOrganization } from '../modules/testing/organization.ts';
import { testDatabase } from '../platform/testing/database.ts';
import { createDatabase, type Database, type Transaction } from './client.ts';
import { isDatabaseAway } from './is-away.ts';
import { CommitUnknown } from './pool.ts';
import { openProxy } from './proxy.fixture.ts';
import { organizations } from './schema/people/organizations.ts';

const database = await testDatabase();
afterAll(() => database.close());

describe('createDatabase', () => {
  it('undoes all of a transaction whose work fails', async () => {
    const { id } = await testOrganization(database, { name: 'Before' });
    const work = database.tenant.tenant(id, async (tx) => {
      await tx.update(organizations).set({ name: 'After' });
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    const [row] = await database.owner`select name from organizations where id = ${id}`;
    expect(row).toEqual({ name: 'Before' });
  });

  it('hears what is announced when its transaction commits, and nothing of one that fails', async () => {
    const heard: string[] = [];
    const listening = await database.tenant.listen('test_channel', (payload) => heard.push(payload));
    const announce = (payload: string, fail: boolean) =>
      database.tenant.transaction(async (tx) => {
        await tx.execute(sql`select pg_notify('test_channel', ${payload})`);
        if (fail) throw new Error('no');
      });
    await announce('lost', true).catch(() => {});
    await announce('kept', false);
    await expect.poll(() => heard).toEqual(['kept']);
    await listening.close();
  });

  it('opens no more connections than it may', async () => {
    const limited = createDatabase({ url: database.url('tenant'), connections: 2, applicationName: 'limited' });
    const count = () =>
      database.owner`select count(*)::int as n from pg_stat_activity where application_name = 'limited'`;
    await Promise.all(Array.from({ length: 12 }, () => limited.check()));
    expect([...(await count())]).toEqual([{ n: 2 }]);
    await limited.close();
    await expect.poll(async () => [...(await count())]).toEqual([{ n: 0 }]);
  });

  it('waits for a connection as long as it may, and says that all are in use', async () => {
    const limited = createDatabase({ url: database.url('tenant'), connections: 2, acquireMs: 500 });
    const done = Promise.withResolvers<void>();
    const begun = [1, 2].map(() => Promise.withResolvers<void>());
    const holding = begun.map(({ resolve }) =>
      limited.transaction(() => {
        resolve();
        return done.promise;
      }),
    );
    await Promise.all(begun.map(({ promise }) => promise));
    const failure = await limited.check().catch((error: unknown) => error);
    expect(failure).toMatchObject({
      name: 'NoConnection',
      message: 'Wait for a database connection: all 2 are in use after 500 ms',
    });
    expect(isDatabaseAway(failure)).toBe(true);
    await expect(limited.transaction(async () => {})).rejects.toMatchObject({ name: 'NoConnection' });
    done.resolve();
    await Promise.all(holding);
    await limited.check();
    await limited.close();
  });

  it('replaces a connection that is old', async () => {
    const [short, usual] = [1, undefined].map((lifetimeSeconds) =>
      createDatabase({ url: database.url('tenant'), connections: 1, lifetimeSeconds }),
    ) as [Database, Database];
    const pid = async (of: Database) => (await of.statement<{ pid: number }>('select pg_backend_pid() as pid', []))[0];
    const first = [await pid(short), await pid(usual)];
    await sleep(1_200);
    expect(await pid(short)).not.toEqual(first[0]);
    expect(await pid(usual)).toEqual(first[1]);
    await Promise.all([short.close(), usual.close()]);
  });

  it('runs one statement as an organization in one round trip, and leaves nothing of it on the connection', async () => {
    const [mine, other] = [await testOrganization(database), await testOrganization(database)];
    const one = createDatabase({ url: database.url('tenant'), connections: 1 });
    const text = 'select id::text, current_setting($1) as organization from organizations';
    const seen = (id: string) => one.tenantStatement(id, text, ['app.organization_id']);
    for (const { id } of [mine, other, mine, other, mine]) expect(await seen(id)).toEqual([{ id, organization: id }]);
    expect(await one.statement("select nullif(current_setting('app.organization_id', true), '') as left", [])).toEqual([
      { left: null },
    ]);
    expect(await one.statement('select id from organizations', [])).toEqual([]);
    // What fails half-way has changed nothing, and the next one is served.
    const renamed = `with changed as (update organizations set name = 'Other' returning 1)
      select 1 / (count(*)::int - count(*)::int) from changed`;
    await expect(one.tenantStatement(mine.id, renamed, [])).rejects.toMatchObject({ code: '22012' });
    expect(await seen(other.id)).toEqual([{ id: other.id, organization: other.id }]);
    const [row] = await database.owner`select count(*)::int as n from organizations where name = 'Other'`;
    expect(row).toEqual({ n: 0 });
    expect(await Promise.all([mine, other, mine].map(({ id }) => seen(id)))).toHaveLength(3);
    await one.close();
  });

  it('runs one statement by itself, as often as it is asked', async () => {
    const twice = (value: number) => database.tenant.statement<{ n: number }>('select $1::int * 2 as n', [value]);
    expect(await Promise.all([twice(1), twice(2)])).toEqual([[{ n: 2 }], [{ n: 4 }]]);
    expect(await twice(3)).toEqual([{ n: 6 }]);
  });

  it('rejects its check when the server is unavailable', async () => {
    const url = new URL(inject('services').templateUrl);
    url.searchParams.set('host', '/nowhere');
    const away = createDatabase({ url: url.href });
    await expect(away.check()).rejects.toThrow();
    await away.close();
  });
});

const query = (tx: Transaction) => tx.execute(sql`select 1`);

describe('a transaction', () => {
  it('fails when one of its statements did, whatever its work makes of that', async () => {
    const { id } = await testOrganization(database, { name: 'Before' });
    const work = database.tenant.tenant(id, async (tx) => {
      await tx.update(organizations).set({ name: 'After' });
      await tx.execute(sql`select 1 / 0`).catch(() => {});
    });
    await expect(work).rejects.toThrow('division by zero');
    expect([...(await database.owner`select name from organizations where id = ${id}`)]).toEqual([{ name: 'Before' }]);
  });

  it('takes statements that are sent at once, in their order', async () => {
    const { id } = await testOrganization(database, { name: '' });
    await database.tenant.tenant(id, (tx) =>
      Promise.all(['a', 'b', 'c'].map((letter) => tx.update(organizations).set({ name: sql`name || ${letter}` }))),
    );
    expect([...(await database.owner`select name from organizations where id = ${id}`)]).toEqual([{ name: 'abc' }]);
  });

  it('refuses a statement that comes after its end, and one with an undefined parameter', async () => {
    const late = await database.tenant.transaction(async (tx) => () => query(tx));
    await expect(late()).rejects.toMatchObject({ cause: { message: 'Send statement: its transaction has ended' } });
    const unset = database.tenant.transaction((tx) =>
      tx
        .select()
        .from(organizations)
        .where(eq(organizations.name, undefined as never)),
    );
    await expect(unset).rejects.toMatchObject({ cause: { message: 'Send statement: a parameter is undefined' } });
  });
});

describe('a database whose connections are cut', async () => {
  await database.owner`create table marks (mark text)`;
  await database.owner`grant all on marks to public`;
  const marks = async () => (await database.owner`select mark from marks`).map(({ mark }) => mark);
  const mark = (tx: Transaction, text: string) => tx.execute(sql`insert into marks values (${text})`);

  async function arrange() {
    const proxy = await openProxy(database.url('tenant'));
    const cuttable = createDatabase({ url: proxy.url, connections: 1, applicationName: 'cuttable' });
    const ways = {
      'the server ends them': async () => {
        await database.owner`
          select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cuttable'`;
      },
      'they end': async () => proxy.cut('end'),
      'they are reset': async () => proxy.cut('reset'),
    };
    const close = async () => {
      await cuttable.close();
      await proxy.shut();
    };
    return { proxy, cuttable, ways, close };
  }
  const ways = ['the server ends them', 'they end', 'they are reset'] as const;
  const moments = ['during a query', 'between two queries'] as const;

  it.each(ways.flatMap((way) => moments.map((moment) => [moment, way] as const)))(
    'loses the whole transaction %s when %s, and no other one anything',
    async (moment, way) => {
      const { cuttable, ways, close } = await arrange();
      const workGoesOn = Promise.withResolvers<void>();
      const workIsOver = Promise.withResolvers<unknown[]>();
      const lost = cuttable.transaction(async (tx) => {
        await mark(tx, 'lost');
        if (moment === 'during a query') {
          setTimeout(ways[way], 20);
          await tx.execute(sql`select pg_sleep(30)`).catch(() => {});
        } else {
          await ways[way]();
        }
        await workGoesOn.promise;
        const late = [];
        for (const text of ['late', 'later']) late.push(await mark(tx, text).catch((error: unknown) => error));
        workIsOver.resolve(late);
      });
      // It does not wait for its work, which may be busy with something else for long.
      expect(isDatabaseAway(await lost.catch((error: unknown) => error))).toBe(true);
      // Its one connection is another's by now, in the middle of a transaction.
      await cuttable.transaction(async (tx) => {
        await mark(tx, 'kept');
        workGoesOn.resolve();
        expect((await workIsOver.promise).every((error) => error instanceof Error)).toBe(true);
        await query(tx);
      });
      expect(await marks()).toEqual(['kept']);
      await database.owner`delete from marks`;
      await close();
    },
  );
  it.each(ways)('fails a transaction at once whose work fails with the query when %s', async (way) => {
    const { cuttable, ways, close } = await arrange();
    const lost = cuttable.transaction(async (tx) => {
      setTimeout(ways[way], 20);
      await tx.execute(sql`select pg_sleep(30)`);
    });
    expect(isDatabaseAway(await lost.catch((error: unknown) => error))).toBe(true);
    await cuttable.check();
    await close();
  });

  it.each([
    ['after', ['marked']],
    ['before', []],
  ] as const)('says that the outcome is unknown when one is cut %s the server commits', async (moment, kept) => {
    const { proxy, cuttable, close } = await arrange();
    await cuttable.check();
    proxy.cutAtCommit(moment, 'insert into marks');
    const error = await cuttable.transaction((tx) => mark(tx, 'marked')).catch((reason: unknown) => reason);
    expect([error instanceof CommitUnknown, isDatabaseAway(error)]).toEqual([true, true]);
    expect(await marks()).toEqual(kept);
    await database.owner`delete from marks`;
    await close();
  });

  it.each(ways)('does not notice that idle ones are gone when %s', async (way) => {
    const { cuttable, ways, close } = await arrange();
    await cuttable.check();
    await ways[way]();
    await expect.poll(() => cuttable.check().then(() => 'answers')).toBe('answers');
    await close();
  });

  it('listens no more once it is closed', async () => {
    const closed = createDatabase({ url: database.url('tenant'), applicationName: 'closed' });
    await closed.listen('test_channel', () => {});
    const sessions = () => database.owner`select from pg_stat_activity where application_name = 'closed'`;
    expect(await sessions()).toHaveLength(1);
    const opening = closed.listen('test_channel', () => {});
    await closed.close();
    await opening;
    await expect.poll(async () => (await sessions()).length).toBe(0);
  });

  it('answers, and listens, again as soon as the server is back', async () => {
    const { proxy, cuttable, close } = await arrange();
    const heard: string[] = [];
    let listened = 0;
    const listening = await cuttable.listen(
      'cut_channel',
      (payload) => heard.push(payload),
      () => void listened++,
    );
    await cuttable.check();
    await proxy.shut();
    const failures = await Promise.allSettled([cuttable.check(), cuttable.transaction(query)]);
    expect(failures.map((result) => result.status === 'rejected' && isDatabaseAway(result.reason))).toEqual([
      true,
      true,
    ]);
    await proxy.open();
    await cuttable.transaction(query);
    await expect.poll(() => listened).toBe(2);
    await database.owner`select pg_notify('cut_channel', 'again')`;
    await expect.poll(() => heard).toEqual(['again']);
    await listening.close();
    await close();
  });

  it('cuts what does not end when it is closed', { timeout: 20_000 }, async () => {
    const { cuttable, proxy } = await arrange();
    const endless = cuttable.transaction((tx) => tx.execute(sql`select pg_sleep(60)`)).catch((error: unknown) => error);
    await sleep(50);
    await cuttable.close();
    expect(isDatabaseAway(await endless)).toBe(true);
    await proxy.shut();
  });
});

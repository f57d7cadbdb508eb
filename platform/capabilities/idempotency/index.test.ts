import { afterAll, describe, expect, it } from 'vitest';
import { testOrganization } from '../../../modules/testing/organization.ts';
import { testDatabase } from '../../testing/database.ts';
import { createIdempotency, type Keep } from './index.ts';

const database = await testDatabase();
afterAll(() => database.close());
const { owner, addMember } = await testOrganization(database);
const { once, stream } = createIdempotency(database.tenant);

let made = 0;
const fresh = () => ({ key: `key ${made++}`, fingerprint: 'print' });
/** Work that comes to a result and keeps it. */
const keeping =
  <T>(result: T | Promise<T>) =>
  async (keep: Keep<T>) => {
    const ended = await result;
    await database.tenant.tenant(owner.organizationId, (tx) => keep(tx, ended));
    return ended;
  };
/** The same, ending when it is told to. */
function slowWork() {
  let finish = (_: unknown) => {};
  const held = new Promise((resolve) => {
    finish = resolve;
  });
  let begun = () => {};
  const started = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const work = async (keep: Keep<unknown>) => {
    begun();
    return keeping(held)(keep);
  };
  return { work, finish, started };
}

describe('once', () => {
  it('runs the work of two equal requests at once one time and tells the second to come back', async () => {
    const request = fresh();
    const { work, finish, started } = slowWork();
    const first = once(owner, request, work);
    await started;
    const second = once(owner, request, async () => 'must not run');
    await expect(second).rejects.toMatchObject({ type: 'idempotency-conflict', headers: { 'retry-after': '1' } });
    finish({ id: 1 });
    expect(await first).toEqual({ id: 1 });
  });

  it('runs the work of many equal requests at once one time', async () => {
    const request = fresh();
    let runs = 0;
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () =>
        once(owner, request, async (keep) => {
          runs++;
          return keeping({ runs })(keep);
        }),
      ),
    );
    expect(runs).toBe(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') expect(outcome.value).toEqual({ runs: 1 });
      else expect(outcome.reason).toMatchObject({ type: 'idempotency-conflict' });
    }
  });

  it('gives the first result again later', async () => {
    const request = fresh();
    await once(owner, request, keeping({ answer: 'да', list: [1, null] as unknown[] }));
    const again = once(owner, request, keeping({ answer: 'must not run', list: [] as unknown[] }));
    expect(await again).toEqual({ answer: 'да', list: [1, null] });
  });

  it('refuses another request under the same key, while the first runs and after', async () => {
    const request = fresh();
    const { work, finish, started } = slowWork();
    const first = once(owner, request, work);
    await started;
    const other = () => once(owner, { ...request, fingerprint: 'other' }, async () => 'must not run');
    await expect(other()).rejects.toMatchObject({ type: 'idempotency-mismatch' });
    finish({});
    await first;
    await expect(other()).rejects.toMatchObject({ type: 'idempotency-mismatch' });
  });

  it('leaves no trace of work that failed', async () => {
    const request = fresh();
    const failing = once(owner, request, async () => {
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await once(owner, { ...request, fingerprint: 'other' }, keeping('ran'))).toBe('ran');
  });

  it('keeps a result exactly when the transaction of the work commits', async () => {
    const request = fresh();
    const undone = once(owner, request, (keep) =>
      database.tenant.tenant(owner.organizationId, async (tx) => {
        await keep(tx, 'undone');
        throw new Error('no');
      }),
    );
    await expect(undone).rejects.toThrow('no');
    const done = once(owner, request, async (keep) => {
      await keeping('done')(keep);
      throw new Error('too late to undo it');
    });
    await expect(done).rejects.toThrow('too late');
    expect(await once(owner, request, async () => 'must not run')).toBe('done');
  });

  it('keeps the keys of people apart', async () => {
    const request = fresh();
    const colleague = await addMember('member');
    const stranger = (await testOrganization(database)).owner;
    expect(await once(owner, request, keeping('mine'))).toBe('mine');
    expect(await once(colleague, request, keeping('the colleague’s'))).toBe('the colleague’s');
    const theirs = once(stranger, request, async (keep) => {
      await database.tenant.tenant(stranger.organizationId, (tx) => keep(tx, 'the stranger’s'));
      return 'the stranger’s';
    });
    expect(await theirs).toBe('the stranger’s');
  });

  it('takes over a key whose request was cut off', async () => {
    const request = fresh();
    const { work, finish, started } = slowWork();
    const lost = once(owner, request, work);
    await started;
    await database.owner`update idempotency_keys set created_at = now() - interval '11 seconds' where key = ${request.key}`;
    expect(await once(owner, request, keeping('ran'))).toBe('ran');
    finish('late');
    // What came late is undone and does not stand in place of what the later request got.
    await expect(lost).rejects.toMatchObject({ type: 'idempotency-conflict' });
    expect(await once(owner, request, async () => 'must not run')).toBe('ran');
  });

  it('keeps a key for as long as its request is worked on', async () => {
    const request = fresh();
    const { work, finish, started } = slowWork();
    const first = createIdempotency(database.tenant, 10).once(owner, request, work);
    await started;
    await database.owner`update idempotency_keys set created_at = now() - interval '11 seconds' where key = ${request.key}`;
    const age = async () => {
      const [row] = await database.owner<{ seconds: number }[]>`
        select extract(epoch from now() - created_at)::float as seconds from idempotency_keys where key = ${request.key}`;
      return row?.seconds;
    };
    await expect.poll(age).toBeLessThan(10);
    await expect(once(owner, request, async () => 'must not run')).rejects.toMatchObject({
      type: 'idempotency-conflict',
    });
    finish('done');
    expect(await first).toBe('done');
  });

  it('passes on the events of work that yields them, and its stored result without them', async () => {
    const request = fresh();
    async function* work(keep: Keep<string>) {
      yield 'begun';
      return keeping('done')(keep);
    }
    const first = stream(owner, request, work);
    expect(await first.next()).toEqual({ value: 'begun', done: false });
    expect(await first.next()).toEqual({ value: 'done', done: true });
    expect(await stream(owner, request, work).next()).toEqual({ value: 'done', done: true });
  });

  it('leaves no trace of work whose reader left', async () => {
    const request = fresh();
    const left = stream(owner, request, async function* (keep: Keep<string>) {
      yield 'begun';
      return keeping('left')(keep);
    });
    await left.next();
    await left.return('');
    expect(await once(owner, request, keeping('again'))).toBe('again');
  });

  it('simply runs without a key', async () => {
    const keyless = { key: undefined, fingerprint: 'print' };
    expect(await once(owner, keyless, keeping(1))).toBe(1);
    expect(await once(owner, keyless, keeping(2))).toBe(2);
  });
});

import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../testing/database.ts';
import { testOrganization } from '../../testing/organization.ts';
import { createIdempotency } from './index.ts';

const database = await testDatabase();
afterAll(() => database.close());
const { owner, addMember } = await testOrganization(database);
const { once } = createIdempotency(database.tenant);

let made = 0;
const fresh = () => ({ key: `key ${made++}`, fingerprint: 'print' });
/** Work that counts its runs and ends when it is told to. */
function slowWork() {
  let finish = (_: unknown) => {};
  const held = new Promise((resolve) => {
    finish = resolve;
  });
  let begun = () => {};
  const started = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const work = async () => {
    begun();
    return held;
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
        once(owner, request, async () => {
          runs++;
          return { runs };
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
    await once(owner, request, async () => ({ answer: 'да', list: [1, null] }));
    const again = once(owner, request, async () => ({ answer: 'must not run', list: [] }));
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
    expect(await once(owner, { ...request, fingerprint: 'other' }, async () => 'ran')).toBe('ran');
  });

  it('keeps the keys of people apart', async () => {
    const request = fresh();
    const colleague = await addMember('member');
    const stranger = (await testOrganization(database)).owner;
    expect(await once(owner, request, async () => 'mine')).toBe('mine');
    expect(await once(colleague, request, async () => 'the colleague’s')).toBe('the colleague’s');
    expect(await once(stranger, request, async () => 'the stranger’s')).toBe('the stranger’s');
  });

  it('takes over a key whose request was cut off', async () => {
    const request = fresh();
    const { work, finish, started } = slowWork();
    const lost = once(owner, request, work);
    await started;
    await database.owner`update idempotency_keys set created_at = now() - interval '181 seconds' where key = ${request.key}`;
    expect(await once(owner, request, async () => 'ran')).toBe('ran');
    finish('late');
    await lost;
    // What came late does not stand in place of what the later request got.
    expect(await once(owner, request, async () => 'must not run')).toBe('ran');
  });

  it('simply runs without a key', async () => {
    const keyless = { key: undefined, fingerprint: 'print' };
    expect(await once(owner, keyless, async () => 1)).toBe(1);
    expect(await once(owner, keyless, async () => 2)).toBe(2);
  });
});

import { describe, expect, it } from 'vitest';
import { ImageGone } from '../../models/image-model.ts';
import { watchPictures } from '../watch.ts';
import { madeOf, pictureScene } from './scene.fixture.ts';

const scene = await pictureScene();
const { sql, books, rowOf, filesOf, organization } = scene;
const house = { prompt: 'A house' };
const id = () => crypto.randomUUID();

describe('queue, worker and provider', () => {
  it('24: two workers at one job submit once, store one picture and charge once', async () => {
    const submitting = Promise.withResolvers<void>();
    const answering = Promise.withResolvers<void>();
    const open = scene.open({
      script: {
        submit() {
          submitting.resolve();
          return answering.promise;
        },
      },
    });
    const { id: org, owner } = await organization();
    const { id: image } = await open.generations.create(owner, house, id());
    const slow = open.run(org, image);
    await submitting.promise;
    // The second finds a submit of which it knows nothing; the first brings its reference after all.
    await open.run(org, image);
    expect(await rowOf(image)).toMatchObject({ status: 'submitting', uncertain_at: expect.anything() });
    answering.resolve();
    await Promise.all([slow, open.run(org, image), open.run(org, image)]);
    expect(open.counts.submits).toBe(1);
    expect(await rowOf(image)).toMatchObject({ status: 'done', units: 1, late: false });
    expect(await filesOf(image)).toHaveLength(3);
    expect(await books(org)).toEqual({ used: 1, states: ['settled'], charges: 1 });
  });

  it('has twelve at a provider at most, whatever processes ask for more at once, one of them killed', async () => {
    const most = 12;
    const there = new Set<string>();
    let highest = 0;
    const enough = Promise.withResolvers<void>();
    const script = {
      submit(_: unknown, reference: string) {
        there.add(reference);
        highest = Math.max(highest, there.size);
        if (there.size >= most) setTimeout(enough.resolve, 100);
      },
      async look(reference: string) {
        await enough.promise;
        there.delete(reference);
        return madeOf(reference, 1);
      },
    };
    // Each knows nothing of the other's generations but by the database.
    const [killed, first, second] = [scene.open({ script }), scene.open({ script }), scene.open({ script })];
    const made: { org: string; image: string }[] = [];
    for (let nth = 0; nth < 18; nth += 1) {
      const { id: org, owner } = await organization();
      made.push({ org, image: (await first.generations.create(owner, house, id())).id });
    }
    const over = new AbortController();
    const [{ org, image } = { org: '', image: '' }, ...others] = made;
    const cut = killed.run(org, image, over.signal);
    await expect.poll(async () => (await rowOf(image)).status).toBe('waiting');
    over.abort(new Error('killed'));
    const runs = others.map((one, nth) => (nth % 2 === 0 ? first : second).run(one.org, one.image));
    await Promise.all([...runs, cut.catch(() => {})]);
    await killed.run(org, image);
    expect(highest).toBe(most);
    for (const one of made) expect((await rowOf(one.image)).status).toBe('done');
  });

  it('28: progress never goes back, and nothing follows the end', async () => {
    const shares = [0.5, 0.2, 0.7];
    const seen: unknown[] = [];
    const { id: org, owner } = await organization();
    let image = '';
    const open = scene.open({
      script: {
        async look(reference) {
          const share = shares.shift();
          if (share === undefined) return madeOf(reference, 1);
          seen.push((await rowOf(image)).progress_done);
          return { state: 'running', share };
        },
      },
    });
    image = (await open.generations.create(owner, house, id())).id;
    await open.work();
    expect(seen).toEqual([null, 50, 50]);
    const { version } = await open.generations.read(owner, image);
    await open.run(org, image);
    expect(await open.generations.read(owner, image)).toMatchObject({ status: 'done', version, progress: null });
  });

  it('29, 31: without any callback the provider is asked until it has ended', async () => {
    let looks = 0;
    const look = (reference: string) => {
      looks += 1;
      return looks < 5 ? ({ state: 'queued', position: 3 } as const) : madeOf(reference, 1);
    };
    const open = scene.open({ script: { look } });
    const { owner } = await organization();
    const { id: image } = await open.generations.create(owner, house, id());
    await open.work();
    expect([looks, (await rowOf(image)).status]).toEqual([5, 'done']);
  });

  it('32, 33: a task that ended without a picture, or whose picture is gone, fails with the unit back', async () => {
    for (const script of [
      { look: (reference: string) => madeOf(reference, 0) },
      { look: () => ({ state: 'finished', outcome: 'gone' }) as const },
      { fetch: () => Promise.reject(new ImageGone('expired')) },
    ]) {
      const open = scene.open({ script });
      const { id: org, owner } = await organization();
      const { id: image } = await open.generations.create(owner, house, id());
      await open.work();
      expect(await rowOf(image)).toMatchObject({ status: 'failed', reason: 'no-picture', maybe_charged: true });
      expect((await books(org)).used).toBe(0);
    }
  });

  it('says why a picture was not taken: too large, or none at all', async () => {
    for (const [fetch, reason] of [
      [() => Promise.reject(new RangeError('too large')), 'too-large'],
      [() => Buffer.from('bad'), 'not-a-picture'],
    ] as const) {
      const open = scene.open({ script: { fetch } });
      const { owner } = await organization();
      const { id: image } = await open.generations.create(owner, house, id());
      await open.work();
      expect(await rowOf(image)).toMatchObject({ status: 'failed', reason });
    }
  });

  it('34: a storage that fails is tried again with the bytes at hand; nothing is made or fetched twice', async () => {
    let failures = 1;
    const storage = {
      ...scene.storage,
      write: (...given: Parameters<typeof scene.storage.write>) => {
        failures -= 1;
        return failures >= 0 ? Promise.reject(new Error('503')) : scene.storage.write(...given);
      },
    };
    const open = scene.open({ changes: { storage } });
    const { owner } = await organization();
    const { id: image } = await open.generations.create(owner, house, id());
    await open.work();
    expect(open.counts).toMatchObject({ submits: 1, fetches: 1 });
    expect(await rowOf(image)).toMatchObject({ status: 'done', units: 1 });
  });

  it('35: the same prompt twice is two tasks with seeds of their own', async () => {
    const open = scene.open();
    const { owner } = await organization();
    for (const _ of [1, 2]) await open.generations.create(owner, house, id());
    await open.work();
    const [first, second] = [...open.tasks.values()];
    expect(open.tasks.size).toBe(2);
    expect(first?.seed).not.toBe(second?.seed);
  });

  it('36: a size that the model does not make is refused with its offers before anything is reserved', async () => {
    const open = scene.open();
    const { id: org, owner } = await organization();
    const asked = { ...house, width: 513, height: 512 };
    await expect(open.generations.create(owner, asked, id())).rejects.toMatchObject({
      ...{ type: 'size-not-offered', status: 422 },
      parameters: { width: 513, offered: { en: expect.stringContaining('steps of 8') } },
    });
    await expect(open.generations.create(owner, { ...house, count: 5 }, id())).rejects.toMatchObject({
      type: 'count-not-offered',
    });
    await expect(open.generations.create(owner, { prompt: 'x'.repeat(33_000) }, id())).rejects.toMatchObject({
      type: 'prompt-too-long',
    });
    await expect(open.generations.create(owner, { ...house, model: 'none' }, id())).rejects.toMatchObject({
      type: 'model-not-offered',
    });
    expect(await books(org)).toEqual({ used: 0, states: [], charges: 0 });
  });

  it('38: the real size is shown, with a mark where its ratio differs', async () => {
    const open = scene.open({ script: { fetch: () => Buffer.from('864x1821') } });
    const { owner } = await organization();
    const { id: image } = await open.generations.create(owner, { ...house, width: 512, height: 1536 }, id());
    await open.work();
    expect((await open.generations.read(owner, image)).pictures).toEqual([
      { index: 0, width: 864, height: 1821, aspectDiffers: true, variants: ['thumb', 'display', 'original'] },
    ]);
  });

  it('expires when it did not begin in time, gets another job when its own is lost, and tells its place in the line', async () => {
    const open = scene.open();
    const { id: org, owner } = await organization();
    const made = [];
    for (const _ of [1, 2, 3]) made.push(await open.generations.create(owner, house, id()));
    expect(made.map(({ position }) => position)).toEqual([1, 2, 3]);
    const [late, lost] = made.map((each) => each.id) as [string, string];
    await sql`update images set created_at = now() - interval '901 seconds' where id = ${late}`;
    await sql`update images set created_at = now() - interval '11 seconds' where id = ${lost}`;
    await sql`delete from pgboss.job where data->>'imageId' = ${lost}`;
    const watch = () =>
      watchPictures({ database: scene.database.platform, queue: scene.queue, imageWaitSeconds: 900 }, new Date());
    expect([await watch(), await watch()]).toEqual([
      { expired: 1, resumed: 1 },
      { expired: 0, resumed: 0 },
    ]);
    await open.work();
    expect(await rowOf(late)).toMatchObject({ status: 'expired', attempt: 0 });
    expect(await rowOf(lost)).toMatchObject({ status: 'done' });
    expect(await books(org)).toMatchObject({ used: 2, states: ['released', 'settled', 'settled'] });
  });

  it('is found by its own person alone', async () => {
    const open = scene.open();
    const one = await organization();
    const [owner, other, stranger] = [one.owner, await one.addMember('member'), (await organization()).owner];
    const { id: image } = await open.generations.create(owner, house, id());
    await open.work();
    expect(await open.generations.file(owner, image, 0, 'thumb')).toMatchObject({ type: 'image/webp', width: 512 });
    for (const caller of [other, stranger]) {
      for (const call of [open.generations.read, open.generations.cancel])
        await expect(call(caller, image)).rejects.toMatchObject({ type: 'not-found' });
      await expect(open.generations.file(caller, image, 0, 'thumb')).rejects.toMatchObject({ type: 'not-found' });
      expect((await open.generations.list(caller, { limit: 5 })).items).toEqual([]);
    }
    await open.generations.create(owner, house, id());
    const page = await open.generations.list(owner, { limit: 1 });
    expect(page.items[0]?.status).toBe('queued');
    const rest = await open.generations.list(owner, { limit: 1, after: page.next });
    expect([rest.items[0]?.id, rest.next]).toEqual([image, undefined]);
  });
});

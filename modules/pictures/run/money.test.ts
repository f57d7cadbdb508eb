import { describe, expect, it } from 'vitest';
import type { Database } from '../../../db/client.ts';
import { NotAccepted, UncertainSubmit } from '../../models/image-model.ts';
import { madeOf, pictureScene } from './scene.fixture.ts';

const scene = await pictureScene();
const { sql, books, rowOf, filesOf, organization } = scene;
const house = { prompt: 'A house' };
const id = () => crypto.randomUUID();
const age = (imageId: string, column: string, seconds: number) =>
  sql`update images set ${sql(column)} = now() - make_interval(secs => ${seconds}) where id = ${imageId}`;

describe('money', () => {
  it('1: a reference that the database does not take at first is written again, and nothing is submitted twice', async () => {
    let failing = 0;
    const { database } = scene.open().deps;
    const flaky: Database = {
      ...database,
      tenant: (organizationId, work) => {
        failing -= 1;
        return failing >= 0 ? Promise.reject(new Error('no connection')) : database.tenant(organizationId, work);
      },
    };
    const open = scene.open({ script: { submit: () => (failing = 2) }, changes: { database: flaky } });
    const { id: org, owner } = await organization();
    const { id: image } = await open.generations.create(owner, house, id());
    await open.work();
    await open.run(org, image);
    expect(open.counts.submits).toBe(1);
    expect(await rowOf(image)).toMatchObject({ status: 'done', units: 1 });
    expect(await books(org)).toEqual({ used: 1, states: ['settled'], charges: 1 });
  });

  it('2, 30: what takes too long fails with its unit back, and is delivered free when it comes after all', async () => {
    let isReady = false;
    const look = (reference: string) => (isReady ? madeOf(reference, 1) : ({ state: 'running', share: 0.5 } as const));
    const open = scene.open({ script: { look }, times: { timeoutSeconds: 0 } });
    const { id: org, owner } = await organization();
    const { id: image } = await open.generations.create(owner, house, id());
    await open.work();
    expect(await open.generations.read(owner, image)).toMatchObject({
      status: 'failed',
      reason: 'timed-out',
      units: 0,
    });
    expect(await books(org)).toEqual({ used: 0, states: ['released'], charges: 0 });
    isReady = true;
    await open.work({ early: true });
    expect(await open.generations.read(owner, image)).toMatchObject({ status: 'done', late: true, units: 0 });
    expect(await books(org)).toEqual({ used: 0, states: ['released'], charges: 0 });
    expect(await filesOf(image)).toHaveLength(3);
  });

  it('3: a submit without an answer is never sent again; a callback with its token completes it', async () => {
    let taken = '';
    let address = '';
    const open = scene.open({
      script: {
        submit(_, reference) {
          taken = reference;
          throw new UncertainSubmit('reset');
        },
      },
    });
    const { submit } = open.model;
    open.model.submit = (task, options) => {
      address = options.callbackUrl ?? '';
      return submit(task, options);
    };
    const { id: org, owner } = await organization();
    const { id: image } = await open.generations.create(owner, house, id());
    await open.work();
    await open.run(org, image);
    expect(open.counts.submits).toBe(1);
    expect(await rowOf(image)).toMatchObject({ status: 'submitting', uncertain_at: expect.anything() });
    const [name, token = ''] = new URL(address).pathname.split('/').at(-1)?.split('.') ?? [];
    const body = Buffer.from(JSON.stringify({ reference: taken, deliveryKey: 'one' }));
    const hear = (sent: string, signature: string) =>
      open.generations.heard('local', name ?? '', sent, new Headers({ signature }), body);
    await expect(hear(token, 'forged')).rejects.toMatchObject({ type: 'not-found' });
    await expect(hear(`${token.slice(0, -2)}AA`, 'right')).rejects.toMatchObject({ type: 'not-found' });
    // 60: two deliveries of one callback have one effect.
    await Promise.all([hear(token, 'right'), hear(token, 'right')]);
    expect(await sql`select 1 from image_callbacks where image_id = ${image}`).toHaveLength(1);
    await open.work();
    expect(open.counts.submits).toBe(1);
    expect(await rowOf(image)).toMatchObject({ status: 'done', late: false, units: 1 });
    expect(await books(org)).toEqual({ used: 1, states: ['settled'], charges: 1 });
  });

  it('3: without a callback within five minutes it fails, with its unit back and the cost noted as possible', async () => {
    const submit = () => Promise.reject(new UncertainSubmit('reset'));
    const open = scene.open({ script: { submit } });
    const { id: org, owner } = await organization();
    const { id: image } = await open.generations.create(owner, house, id());
    await open.work();
    await age(image, 'uncertain_at', 301);
    await open.run(org, image);
    expect(await rowOf(image)).toMatchObject({ status: 'failed', reason: 'uncertain', maybe_charged: true });
    expect(open.counts.submits).toBe(1);
    expect(await books(org)).toEqual({ used: 0, states: ['released'], charges: 0 });
  });

  it('4, 5, 19: of requests at once as many begin as there are units, and the others are told so', async () => {
    const open = scene.open();
    const one = await organization(1);
    const outcomes = await Promise.allSettled(
      [1, 2, 3, 4, 5].map(() => open.generations.create(one.owner, house, id())),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ type: 'no-units', status: 402 });
    const three = await organization(3);
    const asked = { ...house, count: 3 };
    const more = await Promise.allSettled(
      Array.from({ length: 10 }, () => open.generations.create(three.owner, asked, id())),
    );
    expect(more.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await open.work();
    expect(open.counts.submits).toBe(2);
    expect([await books(one.id), await books(three.id)]).toMatchObject([{ used: 1 }, { used: 3 }]);
  });

  it('13, 19: the same request pressed five times is one generation', async () => {
    const open = scene.open();
    const { id: org, owner } = await organization();
    const requestId = id();
    const made = await Promise.all([1, 2, 3, 4, 5].map(() => open.generations.create(owner, house, requestId)));
    expect(new Set(made.map((each) => each.id)).size).toBe(1);
    await open.work();
    expect(open.counts.submits).toBe(1);
    expect(await books(org)).toEqual({ used: 1, states: ['settled'], charges: 1 });
  });

  it('6, 8: a failure that is seen twice gives the unit back once, and the books are as before', async () => {
    const look = () => ({ state: 'finished', outcome: 'failed', reason: 'no-picture', maybeCharged: false }) as const;
    const open = scene.open({ script: { look } });
    const { id: org, owner } = await organization();
    const { id: image } = await open.generations.create(owner, house, id());
    expect(await books(org)).toEqual({ used: 1, states: ['reserved'], charges: 0 });
    await Promise.all([open.run(org, image), open.run(org, image)]);
    expect(await rowOf(image)).toMatchObject({ status: 'failed', reason: 'no-picture' });
    expect(await books(org)).toEqual({ used: 0, states: ['released'], charges: 0 });
  });

  it('7: what could not be given back stays held until another job gives it back', async () => {
    const { database } = scene.open().deps;
    let isAway = false;
    const tenant: Database['tenant'] = (organizationId, work) =>
      isAway ? Promise.reject(new Error('no connection')) : database.tenant(organizationId, work);
    const look = () => {
      isAway = true;
      return { state: 'finished', outcome: 'failed', reason: 'no-picture', maybeCharged: false } as const;
    };
    const open = scene.open({ script: { look }, changes: { database: { ...database, tenant } } });
    const { id: org, owner } = await organization();
    const { id: image } = await open.generations.create(owner, house, id());
    await expect(open.run(org, image)).rejects.toThrow('no connection');
    expect((await books(org)).states).toEqual(['reserved']);
    await open.run(org, image, undefined, { ...open.deps, database });
    expect(await books(org)).toEqual({ used: 0, states: ['released'], charges: 0 });
  });

  it('15, 27: one that waits is cancelled at once, and only that one', async () => {
    const open = scene.open();
    const { id: org, owner } = await organization();
    const [first, second] = [
      await open.generations.create(owner, house, id()),
      await open.generations.create(owner, house, id()),
    ];
    expect(await open.generations.cancel(owner, first.id)).toMatchObject({ status: 'cancelled', units: 0 });
    await open.work();
    expect(await open.generations.cancel(owner, first.id)).toMatchObject({ status: 'cancelled' });
    expect(await open.generations.read(owner, second.id)).toMatchObject({ status: 'done' });
    expect(open.counts.submits).toBe(1);
    expect(await books(org)).toEqual({ used: 1, states: ['released', 'settled'], charges: 1 });
  });

  it('15: one that runs ends as cancelled with its unit back, or as done when its picture came first', async () => {
    for (const answer of ['cancelled', 'asked', 'too-late'] as const) {
      let [image, looks] = ['', 0];
      const { id: org, owner } = await organization();
      const open = scene.open({
        script: {
          cancel: () => answer,
          async look(reference) {
            looks += 1;
            if (looks === 1) await open.generations.cancel(owner, image);
            return looks < 3 ? { state: 'running', share: 0.2 } : madeOf(reference, 1);
          },
        },
      });
      image = (await open.generations.create(owner, house, id())).id;
      await open.work();
      const isCancelled = answer === 'cancelled';
      expect(await rowOf(image)).toMatchObject({ status: isCancelled ? 'cancelled' : 'done' });
      expect((await books(org)).used).toBe(isCancelled ? 0 : 1);
    }
  });

  it('16: a refused prompt is not sent again, its unit is back, and the third in an hour makes the person slower', async () => {
    const look = () => ({ state: 'finished', outcome: 'refused', maybeCharged: true }) as const;
    const open = scene.open({ script: { look } });
    const { id: org, owner } = await organization();
    for (const attempt of [1, 2, 3]) {
      const { id: image } = await open.generations.create(owner, house, id());
      await open.work();
      expect(await rowOf(image)).toMatchObject({ status: 'refused', attempt: 1, maybe_charged: true });
      expect(open.counts.submits).toBe(attempt);
    }
    expect((await books(org)).used).toBe(0);
    await expect(open.generations.create(owner, house, id())).rejects.toMatchObject({
      ...{ type: 'refused-too-often', headers: { 'retry-after': expect.stringMatching(/^1\d\d$/) } },
    });
  });

  it('17: a flagged or blank picture is refused, costs nothing, and is kept nowhere', async () => {
    const before = await scene.stored();
    for (const script of [
      { look: (reference: string) => madeOf(reference, 1, [0]) },
      { fetch: () => Buffer.from('blank') },
    ]) {
      const open = scene.open({ script });
      const { id: org, owner } = await organization();
      const { id: image } = await open.generations.create(owner, house, id());
      await open.work();
      expect(await open.generations.read(owner, image)).toMatchObject({ status: 'refused', pictures: [], units: 0 });
      expect(await books(org)).toEqual({ used: 0, states: ['released'], charges: 0 });
    }
    expect(await scene.stored()).toEqual(before);
  });

  it('18: of four pictures with one flagged three are charged', async () => {
    const open = scene.open({ script: { look: (reference) => madeOf(reference, 4, [1]) } });
    const { id: org, owner } = await organization();
    const { id: image } = await open.generations.create(owner, { ...house, count: 4 }, id());
    expect((await books(org)).used).toBe(4);
    await open.work();
    const shown = await open.generations.read(owner, image);
    expect(shown).toMatchObject({ status: 'done', units: 3 });
    expect(shown.pictures.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(await books(org)).toEqual({ used: 3, states: ['settled'], charges: 1 });
  });

  it('is submitted three times at most where the provider surely accepted none, and the unit is back', async () => {
    const end = { outcome: 'failed', reason: 'provider-down', maybeCharged: false } as const;
    const open = scene.open({
      script: { submit: () => Promise.reject(new NotAccepted('busy', { retryable: true, end })) },
    });
    const { id: org, owner } = await organization();
    const { id: image } = await open.generations.create(owner, house, id());
    await open.work();
    expect(open.counts.submits).toBe(3);
    expect(await rowOf(image)).toMatchObject({ status: 'failed', reason: 'provider-down', attempt: 3 });
    expect((await books(org)).used).toBe(0);
  });
});

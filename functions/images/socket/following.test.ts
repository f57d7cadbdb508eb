import { describe, expect, it, vi } from 'vitest';
import { generationOf } from '../../../modules/testing/given-generations.ts';
import { socketLimits } from './limits.ts';
import {
  authorize,
  change,
  follow,
  following,
  generations,
  newGeneration,
  open,
  reads,
  sessionScene,
  settle,
  shown,
  watchers,
} from './session.fixture.ts';

sessionScene();

describe('following', () => {
  it('gives the state, each change, and nothing after the end', async () => {
    const { sent, say } = open();
    const id = newGeneration();
    await say(authorize, follow(id));
    change(id, { status: 'running', progress: { done: 1, total: 4 } });
    await settle();
    change(id, { status: 'done' });
    await settle();
    expect(sent.slice(1)).toMatchObject([
      { type: 'image', image: { id, status: 'queued', version: 1, position: 1 } },
      { type: 'image', image: { status: 'running', progress: { done: 1, total: 4 } } },
      { type: 'image', image: { status: 'done', version: 3 } },
    ]);
    expect(following).toBe(0);
  });

  it('continues after a failure, since the picture may come late', async () => {
    const { sent, say } = open();
    const id = newGeneration({ status: 'failed', reason: 'timed-out' });
    await say(authorize, follow(id));
    change(id, { status: 'done', late: true });
    await settle();
    expect(sent.slice(1)).toMatchObject([
      { image: { status: 'failed', reason: { code: 'timed-out' } } },
      { image: { status: 'done', late: true } },
    ]);
  });

  it('never goes back to an older state (case 28)', async () => {
    const { sent, say } = open();
    const id = newGeneration({ version: 5 });
    await say(authorize, follow(id));
    change(id, { version: 4, status: 'running' });
    await settle();
    change(id, { version: 6, status: 'running' });
    await settle();
    expect(shown(sent)).toEqual([5, 6]);
  });

  it('tells of a place in the line that changed without a change of the generation', async () => {
    const { sent, say } = open();
    const id = newGeneration({ position: 3 });
    await say(authorize, follow(id));
    generations.set(id, generationOf({ id, position: 2 }));
    await vi.advanceTimersByTimeAsync(2 * socketLimits.heartbeatMs);
    expect(sent.slice(1).map(({ image }) => image.position)).toEqual([3, 2]);
  });

  it('of what is not there, or is deleted, ends with a problem', async () => {
    const { sent, say } = open();
    const [missing, deleted] = [crypto.randomUUID(), newGeneration()];
    await say(authorize, follow(missing), follow(deleted));
    generations.delete(deleted);
    for (const tell of watchers.get(deleted) ?? []) tell();
    await settle();
    const problems = sent.filter(({ type }) => type === 'problem');
    expect(problems).toMatchObject([
      { about: 'follow', id: missing, problem: { type: 'urn:pandect:problem:not-found', status: 404 } },
      { about: 'follow', id: deleted, problem: { type: 'urn:pandect:problem:not-found' } },
    ]);
    expect(following).toBe(0);
  });

  it('ends with "unfollow", and with the socket', async () => {
    const { sent, say, session } = open();
    const [one, two] = [newGeneration(), newGeneration()];
    await say(authorize, follow(one), follow(two), { type: 'unfollow', id: one });
    change(one, { status: 'running' });
    await settle();
    expect([shown(sent), following]).toEqual([[1, 1], 1]);
    session.end();
    await settle();
    change(two, { status: 'running' });
    await settle();
    expect([shown(sent), following]).toEqual([[1, 1], 0]);
  });

  it('is possible for 50 generations, of which none counts twice; one more ends the socket with 4429', async () => {
    const { say, state } = open();
    const ids = Array.from({ length: 51 }, () => newGeneration());
    await say(authorize, ...ids.slice(0, 50).map(follow), follow(ids[0] as string));
    expect([state.closed, following]).toEqual([undefined, 50]);
    await say(follow(ids[50] as string));
    expect(state.closed?.[0]).toBe(4429);
    await settle();
    expect(following).toBe(0);
  });
});

describe('a slow reader', () => {
  it('gets the newest state of each generation, and none of those in between', async () => {
    const { sent, say, stick, unstick } = open();
    const [one, two] = [newGeneration(), newGeneration()];
    await say(authorize, follow(one), follow(two));
    stick();
    for (let version = 2; version <= 40; version++) {
      change(one, { version });
      change(two, { version });
      await settle();
    }
    const before = reads;
    await unstick();
    // One was on its way when the reader stopped.
    expect(shown(sent)).toEqual([1, 1, 2, 40, 40]);
    expect(reads - before).toBe(2);
  });

  it('that takes nothing for 10 s is closed with 4408', async () => {
    const { say, stick, state } = open();
    const id = newGeneration();
    await say(authorize, follow(id));
    stick();
    change(id, { status: 'running' });
    await vi.advanceTimersByTimeAsync(9_999);
    expect(state.closed).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(state.closed?.[0]).toBe(4408);
  });
});

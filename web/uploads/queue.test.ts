import type { Schemas, Upload, UploadStatus } from '@pandect/client';
import { describe, expect, it } from 'vitest';
import { createUploadQueue, isSettled, isUnsent, stateOf } from './queue.ts';

/** An upload that a test moves by hand. */
function movable(file: File, name: string) {
  let changed = () => {};
  let status: UploadStatus = { state: 'sending', sentBytes: 0, totalBytes: file.size };
  const calls: string[] = [];
  const upload: Upload = {
    get status() {
      return status;
    },
    done: new Promise(() => {}),
    subscribe(follower) {
      changed = follower;
      return () => {};
    },
    pause: () => move({ state: 'paused' }),
    resume: () => move({ state: 'sending' }),
    cancel: () => calls.push('cancel'),
  };
  const move = (next: Partial<UploadStatus>) => {
    status = { ...status, ...next };
    changed();
  };
  return { upload, move, calls, name };
}

function scene() {
  const started: ReturnType<typeof movable>[] = [];
  const queue = createUploadQueue((file, { name }) => {
    const next = movable(file, name);
    started.push(next);
    return next.upload;
  });
  const add = (...paths: string[]) => queue.add(paths.map((path) => ({ path, file: new File(['text'], path) })));
  const states = () => queue.entries.map(stateOf);
  return { queue, started, add, states };
}

const stored = (documentId: string, duplicate = false) => ({
  state: 'done' as const,
  document: { documentId, duplicate },
});
const document = (id: string, changes: Partial<Schemas['Document']> = {}) =>
  ({
    id,
    status: 'processing',
    stalled: false,
    updatedAt: '2026-01-01T00:00:00.000Z',
    ...changes,
  }) as Schemas['Document'];

describe('the queue of uploads', () => {
  it('sends three files at once, the next when one is stored or has failed', () => {
    const { started, add, states } = scene();
    add('a', 'b', 'c', 'd', 'e');
    expect(states()).toEqual(['sending', 'sending', 'sending', 'waiting', 'waiting']);
    started[1]?.move(stored('1'));
    started[0]?.move({ state: 'failed' });
    expect(states()).toEqual(['failed', 'stored', 'sending', 'sending', 'sending']);
  });

  it('does not start others while files wait for the network', () => {
    const { started, add, states } = scene();
    add('a', 'b', 'c', 'd');
    for (const each of started.slice(0, 3)) each.move({ state: 'lost' });
    expect(states()).toEqual(['lost', 'lost', 'lost', 'waiting']);
  });

  it('holds what is being sent while the device has no network, and sends it on afterwards', () => {
    const { queue, started, add, states } = scene();
    add('a', 'b', 'c', 'd');
    started[1]?.move(stored('1'));
    queue.setOnline(false);
    expect(states()).toEqual(['lost', 'stored', 'lost', 'lost']);
    queue.setOnline(true);
    expect(states()).toEqual(['sending', 'stored', 'sending', 'sending']);
  });

  it('follows a document until it is read, and keeps the newest state', () => {
    const { queue, started, add, states } = scene();
    add('a');
    started[0]?.move(stored('1'));
    expect(queue.unread()).toEqual(['1']);
    queue.note([document('1')]);
    expect(states()).toEqual(['reading']);
    queue.note([document('1', { stalled: true, updatedAt: '2026-01-01T00:01:00.000Z' })]);
    expect(states()).toEqual(['stalled']);
    queue.note([document('1', { status: 'ready', updatedAt: '2026-01-01T00:02:00.000Z' }), document('2')]);
    queue.note([document('1')]);
    expect([states(), queue.unread()]).toEqual([['ready'], []]);
  });

  it('counts a duplicate as settled once its document is known', () => {
    const { queue, started, add, states } = scene();
    add('a');
    started[0]?.move(stored('1', true));
    expect([states(), queue.unread()]).toEqual([['duplicate'], ['1']]);
    queue.note([document('1', { status: 'ready' })]);
    expect(queue.unread()).toEqual([]);
    expect(queue.entries.every(isSettled)).toBe(true);
  });

  it('sends again what has failed, and gives up what is taken off the list', () => {
    const { queue, started, add, states } = scene();
    add('a', 'b');
    started[0]?.move({ state: 'failed' });
    queue.retry(queue.entries[0]?.id ?? 0);
    expect(states()[0]).toBe('sending');
    queue.remove(queue.entries[1]?.id ?? 0);
    expect([queue.entries.length, started[1]?.calls]).toEqual([1, ['cancel']]);
  });

  it('clears what is done and keeps what failed or is on its way', () => {
    const { queue, started, add } = scene();
    add('a', 'b', 'c', 'd');
    started[0]?.move(stored('1'));
    queue.note([document('1', { status: 'ready' })]);
    started[1]?.move({ state: 'failed' });
    queue.clear();
    expect(queue.entries.map(({ path }) => path)).toEqual(['b', 'c', 'd']);
    expect(queue.entries.filter(isUnsent).map(({ path }) => path)).toEqual(['c', 'd']);
  });
});

import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createLog } from '../kernel/log.ts';
import { createJobProgress } from './job-progress.ts';

const log = createLog({ level: 'silent', fields: {} });

describe('createJobProgress', () => {
  it('writes one at a time, and the newest of those that came during it', async () => {
    const progress = createJobProgress(log, 0);
    const written: number[] = [];
    const first = Promise.withResolvers<void>();
    let open = 0;
    let most = 0;
    for (let page = 1; page <= 5; page++) {
      progress.show(async () => {
        most = Math.max(most, ++open);
        if (page === 1) await first.promise;
        written.push(page);
        open -= 1;
      });
    }
    first.resolve();
    while (written.length < 2) await turn();
    await progress.settle();
    expect(written).toEqual([1, 5]);
    expect(most).toBe(1);
  });

  it('writes the newest after the pause, though nothing follows it', async () => {
    const progress = createJobProgress(log, 20);
    const written: number[] = [];
    for (const page of [1, 2, 3]) progress.show(async () => written.push(page));
    while (written.length < 2) await sleep(1);
    expect(written).toEqual([1, 3]);
  });

  it('settles with nothing left to be written over what follows', async () => {
    const progress = createJobProgress(log, 20);
    const written: number[] = [];
    progress.show(async () => {
      await turn();
      written.push(1);
    });
    progress.show(async () => written.push(2));
    await progress.settle();
    expect(written).toEqual([1]);
    await sleep(50);
    expect(written).toEqual([1]);
  });

  it('outlasts a write that fails', async () => {
    const progress = createJobProgress(log, 0);
    const written: number[] = [];
    progress.show(() => Promise.reject(new Error('no')));
    await progress.settle();
    progress.show(async () => written.push(1));
    await progress.settle();
    expect(written).toEqual([1]);
  });
});

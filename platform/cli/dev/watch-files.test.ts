import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watchFiles } from './watch-files.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  await mkdir(join(root, 'functions/ask'), { recursive: true });
  await mkdir(join(root, 'docs'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('watchFiles', () => {
  it('tells together what changed together, below its folders only', async () => {
    const ended = new AbortController();
    const batches = watchFiles(root, ['functions'], ended.signal);
    const first = batches.next();
    await writeFile(join(root, 'docs/readme.md'), '');
    await writeFile(join(root, 'functions/ask/app.ts'), '1');
    await writeFile(join(root, 'functions/ask/function.ts'), '1');
    expect((await first).value?.toSorted()).toEqual(['functions/ask/app.ts', 'functions/ask/function.ts']);

    const second = batches.next();
    await writeFile(join(root, 'functions/ask/app.ts.swp'), '2');
    await rename(join(root, 'functions/ask/app.ts.swp'), join(root, 'functions/ask/app.ts'));
    expect((await second).value).toContain('functions/ask/app.ts');

    const last = batches.next();
    ended.abort();
    expect((await last).done).toBe(true);
  });
});

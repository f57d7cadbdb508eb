import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { defineFunction } from '../../kernel/manifest.ts';
import { withManifestOf } from './kept-release.ts';

it('gives a process no more memory than the operator allows, and no more than its manifest asks for', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pandect-test-kept-'));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(defineFunction({ mount: ['/a'], memory: 128 })));
  const memoryWith = async (mostHeapMiB: number | undefined) => {
    const managed = { unit: {}, declared: {}, tools: { mostHeapMiB: () => mostHeapMiB } };
    return (await withManifestOf(managed as never, { folder } as never)).manifest.memory;
  };
  try {
    expect([await memoryWith(undefined), await memoryWith(64), await memoryWith(512)]).toEqual([128, 64, 128]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

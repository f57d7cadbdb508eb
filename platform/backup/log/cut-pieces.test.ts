import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cutPieces } from './cut-pieces.ts';
import { SEGMENT_BYTES, segmentName } from './position.ts';

it('knows where the log begins when it was killed before it could note that', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  try {
    const received = join(folder, 'received');
    await mkdir(received);
    const write = (number: number, filled: number, end = '') =>
      writeFile(
        join(received, `${segmentName(1, number * SEGMENT_BYTES)}${end}`),
        Buffer.alloc(SEGMENT_BYTES).fill(1, 0, filled),
      );
    await write(1, SEGMENT_BYTES);
    await write(2, 5, '.partial');
    const cut = { received, pieces: join(folder, 'pieces'), timeline: 1, from: undefined };
    const whole = { from: SEGMENT_BYTES, to: 2 * SEGMENT_BYTES + 5 };
    expect(await cutPieces(cut)).toEqual(whole);
    expect(await readdir(received)).toHaveLength(1);
    expect(await cutPieces(cut)).toEqual(whole);
  } finally {
    await rm(folder, { recursive: true });
  }
});

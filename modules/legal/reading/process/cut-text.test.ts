import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { killChildren } from '../../../../platform/testing/kill-children.ts';
import { chunkText } from '../../structure/chunk-text.ts';
import { plainChunks } from '../../structure/plain-chunks.ts';
import { createTextCutter, type TextCutterOptions } from './cut-text.ts';

const misbehaving = fileURLToPath(new URL('../fixtures/misbehaving-cutter.ts', import.meta.url));

function cutterWith(options: TextCutterOptions = {}) {
  const cutter = createTextCutter({ timeoutMs: 60_000, ...options });
  onTestFinished(() => cutter.close());
  return (text: string, signal?: AbortSignal) =>
    cutter.cut({ text, pageStarts: [], title: 'Lease', fileName: 'a.txt' }, signal);
}
const failure = (code: string) => expect.objectContaining({ name: 'ParseFailure', code });
const pidOf = async (cut: Promise<{ facts: { description: string } | undefined }>) =>
  Number((await cut).facts?.description);

const law = `Федеральный закон\n\n${Array.from({ length: 50 }, (_, n) => `Статья ${n + 1}. Предмет\n\nТекст статьи. `).join('\n\n')}`;

describe('a text', () => {
  it('is cut and described as in this process', async () => {
    const { chunks, facts } = await cutterWith()(law);
    expect(chunks).toEqual(chunkText(law, []));
    expect(facts).toMatchObject({ type: 'statute', dated: null });
  });

  it('of the largest size that is accepted is cut within the memory of its process', { timeout: 120_000 }, async () => {
    const text = `${law}\n\n`.repeat(Math.ceil(16_000_000 / (law.length + 2))).slice(0, 16_000_000);
    const { chunks } = await cutterWith()(text);
    expect(chunks.at(-1)?.end).toBe(text.length);
  });
});

describe('a process that cuts texts', () => {
  it('is used again, and ended when no text follows', async () => {
    const cut = cutterWith({ entry: misbehaving, idleMs: 300 });
    const first = await pidOf(cut('one'));
    expect(await pidOf(cut('two'))).toBe(first);
    await expect.poll(() => existsSync(`/proc/${first}`), { timeout: 10_000 }).toBe(false);
    expect(await pidOf(cut('three'))).not.toBe(first);
  });

  it('may be started before its text is there', async () => {
    const cutter = createTextCutter({ entry: misbehaving });
    onTestFinished(() => cutter.close());
    cutter.prepare();
    cutter.prepare();
    expect((await cutter.cut({ text: 'one', pageStarts: [], title: 'a', fileName: 'a' })).chunks).toEqual([]);
  });

  it('has one text at a time', async () => {
    const cut = cutterWith({ entry: misbehaving });
    const pids = await Promise.all([pidOf(cut('one')), pidOf(cut('two'))]);
    expect(new Set(pids).size).toBe(2);
  });

  it('that died while it rested is replaced', async () => {
    const cut = cutterWith({ entry: misbehaving, idleMs: 60_000 });
    const first = await pidOf(cut('last'));
    expect(await pidOf(cut('two'))).toBeGreaterThan(0);
    await sleep(200);
    expect(await pidOf(cut('three'))).not.toBe(first);
  });

  it('is ended when a text takes too long, and the next text is cut', async () => {
    const cut = cutterWith({ entry: misbehaving, timeoutMs: 1500 });
    await expect(cut('spin')).rejects.toEqual(failure('too-slow'));
    expect(await pidOf(cut('one'))).toBeGreaterThan(0);
  });

  it('has its time for work, however long the machine is busy with something else', async () => {
    const cut = cutterWith({ entry: misbehaving, timeoutMs: 1500 });
    const pid = await pidOf(cut('one'));
    process.kill(pid, 'SIGSTOP');
    const cutting = pidOf(cut('two'));
    await sleep(2000);
    process.kill(pid, 'SIGCONT');
    expect(await cutting).toBe(pid);
  });

  it.each(['heap', 'crash', 'throw'])('fails the text and not the next one: %s', async (text) => {
    const cut = cutterWith({ entry: misbehaving, memoryMb: 120 });
    await pidOf(cut('one'));
    await expect(cut(text)).rejects.toEqual(failure('crashed'));
    expect(await pidOf(cut('two'))).toBeGreaterThan(0);
  });

  it.each([
    [2, 'is cut', 2],
    [100, 'fails', 3],
  ])('that is killed from outside is replaced: after %i the text %s', async (most, _, killed) => {
    const end = killChildren('misbehaving-cutter', most);
    const cutting = pidOf(cutterWith({ entry: misbehaving })('one'));
    if (most > killed) await expect(cutting).rejects.toEqual(failure('crashed'));
    else expect(await cutting).toBeGreaterThan(0);
    expect(end()).toBe(killed);
  });

  it('is ended when its caller gives up', async () => {
    const abort = new AbortController();
    const cut = cutterWith({ entry: misbehaving });
    const cutting = cut('spin', abort.signal);
    setTimeout(() => abort.abort(new Error('given up')), 300);
    await expect(cutting).rejects.toThrow('given up');
    await expect(cut('one', abort.signal)).rejects.toThrow('given up');
  });
});

describe('plain chunks', () => {
  it.each([law, `${'x'.repeat(5000)} `, '😀'.repeat(3000), 'a'])('joined in order are the text', (text) => {
    const chunks = plainChunks(text, [0]);
    expect(chunks.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text);
    for (const [index, chunk] of chunks.entries()) {
      expect(chunk.end - chunk.start).toBeLessThanOrEqual(1400);
      expect(chunk).toMatchObject({ ordinal: index, page: 1, unitStart: chunk.start, unitEnd: chunk.end });
    }
  });
});

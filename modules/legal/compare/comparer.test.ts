import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDocx } from '../reading/docx/read-docx.ts';
import { openZip } from '../reading/files/zip-archive.ts';
import { readWith } from '../reading/fixtures/read-with.ts';
import { createComparer } from './comparer.ts';
import { type ComparisonOrder, MOST_COMPARED } from './contract.ts';

const named = (text: string) => ({ text, title: 'Lease', version: 1, added: '2026-03-01' });
const order = (before: string, after: string, form: ComparisonOrder['form'] = 'comparison'): ComparisonOrder => ({
  ...{ before: named(before), after: { ...named(after), version: 2 } },
  form,
});
const problem = (type: string) => expect.objectContaining({ type });

let folder: string;
const program = async (name: string, source: string) => {
  const path = join(folder, `${name}.mjs`);
  await writeFile(path, source);
  return path;
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pandect-compare-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a comparer', () => {
  it('compares in a thread', async () => {
    const answer = await createComparer().compare(order('1. The rent is 500.', '1. The rent is 600.'));
    expect(answer).toMatchObject({ comparison: { counts: { changed: 1 }, clauses: [{ change: 'changed' }] } });
  });

  it('writes differences as tracked changes of Word', async () => {
    const [before, after] = [
      '1. The rent is 500 <euros>.\n\n2. It ends.',
      '1. The rent is 600 <euros>.\n\n2. It ends.',
    ];
    const answer = await createComparer().compare(order(before, after, { docx: 'en' }));
    const bytes = Buffer.from((answer as { docx: Uint8Array }).docx);
    const xml = String((await openZip(bytes, { unpackedBytes: 10_000_000 })).read('word/document.xml'));
    expect(xml).toMatch(/<w:del [^>]*>.*?<w:delText[^>]*>500<\/w:delText>.*?<\/w:del>/);
    expect(xml).toMatch(/<w:ins [^>]*>.*?<w:t[^>]*>600<\/w:t>.*?<\/w:ins>/);
    const { text } = await readWith(readDocx, bytes);
    expect(text).toContain('Later text: Lease (version 2, added 2026-03-01)');
    expect(text).toContain('1. The rent is 600 <euros>.');
    expect(text).not.toContain('500');
  });

  it('does not take texts that are too long', async () => {
    const long = 'a'.repeat(MOST_COMPARED + 1);
    await expect(createComparer().compare(order('a', long))).rejects.toEqual(problem('comparison-too-large'));
  });

  it('gives up on what takes too long or too much memory, and serves the next one', async () => {
    const stuck = await program('stuck', 'for (;;);');
    const slow = createComparer({ entry: stuck, timeoutMs: 300 });
    await expect(slow.compare(order('a', 'b'))).rejects.toEqual(problem('comparison-too-large'));
    const hog = await program('hog', 'const kept = []; for (;;) kept.push(new Array(1e5).fill({}));');
    const full = createComparer({ entry: hog, memoryMb: 16 });
    await expect(full.compare(order('a', 'b'))).rejects.toEqual(problem('comparison-too-large'));
    await expect(full.compare(order('a', 'b'))).rejects.toEqual(problem('comparison-too-large'));
  });

  it('lets only so many wait, and forgets those who left', async () => {
    const waits = await program('waits', 'setInterval(() => {}, 1000);');
    const comparer = createComparer({ entry: waits, timeoutMs: 60_000, mostWaiting: 2 });
    const left = new AbortController();
    const both = [comparer.compare(order('a', 'b'), left.signal), comparer.compare(order('a', 'b'), left.signal)];
    await expect(comparer.compare(order('a', 'b'))).rejects.toEqual(problem('overloaded'));
    left.abort(new Error('left'));
    for (const each of await Promise.allSettled(both)) expect(each).toMatchObject({ reason: { message: 'left' } });
  });

  it('compares long hostile texts in its time', { timeout: 300_000 }, async () => {
    const texts = ['1)\n', 'Статья 1\n', 'a ', '1. a\n\n', 'I.', '| ', 'а. '].map((part) =>
      part.repeat(60_000 / part.length),
    );
    for (const text of texts) {
      const answer = await createComparer({ timeoutMs: 60_000 }).compare(order(text, `${text}x ${text.slice(5000)}`));
      expect(answer).toHaveProperty('comparison');
    }
  });
});

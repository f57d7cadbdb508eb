import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openOnce } from '../../../platform/kernel/calls/open-once.ts';
import { chunkText } from '../structure/chunk-text.ts';
import type { DocumentFormat } from './contract.ts';
import { detectFormat, detectionBytes } from './files/detect-format.ts';
import { bundledParser } from './fixtures/bundled-programs.ts';
import { createDocumentParser } from './process/parse-document.ts';

/*
 * Whole files: always the samples shipped with the project; with PANDECT_SAMPLES_DIR also the larger set found there,
 * damaged and hostile files included (its README describes `manifest.jsonl`).
 */

const entry = await bundledParser();
const parser = createDocumentParser({ timeoutMs: 60_000, entry });
/* Binders of contracts are about their size: the few scans within them would take longer than all other files together. */
const plainParser = createDocumentParser({ timeoutMs: 60_000, entry, languageFolders: [] });
const oneLine = (text: string) => text.normalize('NFC').replaceAll('\u00ad', '').replaceAll(/\s+/g, ' ');
const detect = (path: string) => detectFormat(readFileSync(path).subarray(0, detectionBytes), basename(path));

async function read(path: string, format: DocumentFormat, { parse } = parser) {
  const document = await parse({ path, format });
  const chunks = chunkText(document.text, document.pageStarts);
  expect(chunks.map(({ start, end }) => document.text.slice(start, end)).join('')).toBe(document.text);
  return document;
}

interface Question {
  question: string;
  expect: { document: string; page?: number; quoteContains: string } | null;
}

describe('the shipped samples', () => {
  const shipped = fileURLToPath(new URL('../../../scripts/samples/', import.meta.url));
  const questions: Question[] = JSON.parse(readFileSync(join(shipped, 'questions.json'), 'utf8'));
  const texts = new Map<string, ReturnType<typeof read>>();
  const answered = questions.flatMap((question) => (question.expect === null ? [] : [question.expect]));

  it.each(answered)('hold "$quoteContains" in $document', async ({ document: name, page, quoteContains }) => {
    const path = join(shipped, name);
    const format = detect(path) ?? expect.unreachable('format not detected');
    const { text, pageStarts } = await openOnce(texts, name, () => read(path, format));
    const position = text.indexOf(quoteContains);
    expect(position).toBeGreaterThanOrEqual(0);
    expect(pageStarts.filter((start) => start <= position).length || undefined).toBe(page);
  });
});

interface Sample {
  file: string;
  kind?: string;
  expect: 'ok' | 'error' | 'any';
  contains?: string;
  contains_all?: string[];
  not_contains?: string[];
  contains_if_ok?: string;
  starts?: string;
  /** Longest time that reading may take. */
  seconds?: number;
}

/** The other tests take their share of the machine at the same time. */
const busy = 4;

const samplesFolder = process.env.PANDECT_SAMPLES_DIR;

describe.skipIf(samplesFolder === undefined).concurrent('the larger set of samples (PANDECT_SAMPLES_DIR)', () => {
  const samples = ['', 'field'].flatMap((part) => manifestOf(part));
  const queue = createQueue(2);

  it('are there', () => {
    expect(samples.length).toBeGreaterThan(0);
  });

  it.each(samples)('give $expect for $file', { timeout: 600_000 }, ({ file, ...sample }) =>
    queue(async () => {
      const path = join(samplesFolder ?? '', file);
      const format = detect(path);
      if (format === undefined) return expect(sample.expect).not.toBe('ok');
      const start = performance.now();
      const reading = read(path, format, sample.kind === 'pdf-large' ? plainParser : parser);
      const outcome = await reading.catch((error: unknown) => error as Error);
      expect((performance.now() - start) / 1000).toBeLessThan((sample.seconds ?? Number.POSITIVE_INFINITY) * busy);
      if (outcome instanceof Error) {
        expect(outcome).toHaveProperty('name', 'ParseFailure');
        return expect(`${sample.expect}: ${outcome.message}`).not.toMatch(/^ok/);
      }
      // Where the manifest says what must be in it then, a file may be read although most programs refuse it.
      if (sample.expect === 'error') expect(sample.contains_if_ok).toBeTruthy();
      const text = oneLine(outcome.text);
      for (const words of [sample.contains ?? '', sample.contains_if_ok ?? '', ...(sample.contains_all ?? [])]) {
        expect(text).toContain(oneLine(words));
      }
      expect(text.trimStart().startsWith(oneLine(sample.starts ?? ''))).toBe(true);
      for (const words of sample.not_contains ?? []) expect(text).not.toContain(words);
    }),
  );
});

/** The lines of the manifest in a part of the set; its file names are relative to it. */
function manifestOf(part: string): Sample[] {
  const path = join(samplesFolder ?? '', part, 'manifest.jsonl');
  if (samplesFolder === undefined || !existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line)).map((sample: Sample) => ({ ...sample, file: join(part, sample.file) }));
}

/** Runs at most `size` tasks at once. */
function createQueue(size: number) {
  const lanes = Array.from({ length: size }, () => Promise.resolve());
  let next = 0;
  return (task: () => Promise<void>): Promise<void> => {
    const lane = next++ % size;
    const done = (lanes[lane] ?? Promise.resolve()).then(task);
    lanes[lane] = done.catch(() => {});
    return done;
  };
}

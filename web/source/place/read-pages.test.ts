import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundledParser } from '../../../modules/legal/reading/fixtures/bundled-programs.ts';
import { createDocumentParser, type ParsedDocument } from '../../../modules/legal/reading/index.ts';
import { createRandom, type Damage, damages, isRightPlace } from '../fixtures/damages.ts';
import { type DrawnClause, type HardPages, makeHardPages } from '../fixtures/hard-pages.ts';
import { type LayerItem, readLayers } from '../fixtures/read-layer.ts';
import { fold, type Span } from './fold.ts';
import { itemSpans, joinItems } from './items.ts';
import { place } from './place.ts';

/*
 * The text that the server stores of a PDF against the text layer that a browser gets from it: each by its own release of
 * PDF.js, and the server's with all that is done to it afterwards.
 */

const parser = createDocumentParser({ timeoutMs: 60_000, entry: await bundledParser(), languageFolders: [] });
const pageText = ({ text, pageStarts }: ParsedDocument, page: number) =>
  text.slice(pageStarts[page - 1], pageStarts[page]);
const joined = (layer: readonly LayerItem[]) => joinItems(layer.map(({ str }) => str));

describe('a PDF made to be hard', () => {
  let folder: string;
  let hard: HardPages;
  let document: ParsedDocument;
  let layers: LayerItem[][];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
    hard = await makeHardPages();
    await writeFile(join(folder, 'hard.pdf'), hard.bytes);
    document = await parser.parse({ path: join(folder, 'hard.pdf'), format: 'pdf' });
    layers = await readLayers(hard.bytes);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** The quote of a clause on one of its pages, and the items that are marked there. */
  function marksOf({ parts, before, boxes }: DrawnClause, page: number) {
    const stored = fold(pageText(document, page));
    const words = fold(parts[boxes.findIndex((box) => box.page === page)] ?? '').text;
    let at = stored.text.indexOf(words);
    for (let time = 0; time < before; time += 1) at = stored.text.indexOf(words, at + 1);
    expect(at).toBeGreaterThanOrEqual(0);
    const span = { start: stored.starts[at] as number, end: stored.ends[at + words.length - 1] as number };
    const layer = layers[page - 1] ?? [];
    const items = joined(layer);
    const marks = place(stored, span, fold(items.text));
    return marks && itemSpans(items, marks).flatMap(({ item }) => layer[item] ?? []);
  }

  it('has every clause marked where it was drawn', () => {
    const wrong: string[] = [];
    const refused: string[] = [];
    for (const clause of hard.clauses) {
      for (const { page, ...box } of clause.boxes) {
        const items = marksOf(clause, page);
        const height = clause.kind === 'landscape' ? 595.28 : 841.89;
        const isInside = ({ x, y }: LayerItem) =>
          x >= box.x - 1 && x <= box.x + box.width && height - y >= box.y && height - y <= box.y + box.height;
        if (!items) refused.push(`${clause.kind}, page ${page}`);
        else if (!items.filter(({ str }) => str.trim() !== '').every(isInside))
          wrong.push(`${clause.kind}, page ${page}: ${JSON.stringify(items)}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(refused).toEqual([]);
  });
});

const shipped = fileURLToPath(new URL('../../../scripts/samples/', import.meta.url));
const larger = process.env.PANDECT_SAMPLES_DIR;
const largerNames = [
  'contract-distributor',
  'contract-endorsement',
  'licence-word',
  'licence-rotated',
  'scan-with-ocr-layer',
];

describe('the shipped samples', () => {
  it.each(['dogovor-arendy.pdf', 'software-licence.pdf'])('have the sentences of %s in their places', (name) =>
    expectRightPlaces(join(shipped, name)),
  );
});

describe.skipIf(larger === undefined)('the larger set of samples (PANDECT_SAMPLES_DIR)', () => {
  it.each([...largerNames, 'semeynyy-kodeks'])('has the sentences of %s in their places', (name) =>
    expectRightPlaces(join(larger ?? '', 'good', `${name}.pdf`)),
  );
});

const MOST_PAGES = 6;
const SENTENCES_OF_PAGE = 3;

/** Places of some sentences in the layers as they are, and as they would be with damages: none may be wrong. */
async function expectRightPlaces(path: string) {
  const document = await parser.parse({ path, format: 'pdf' });
  const numbers = document.pageStarts.map((_, index) => index + 1).slice(0, MOST_PAGES);
  const layers = await readLayers(readFileSync(path), numbers);
  const random = createRandom(5);
  const wrong: string[] = [];
  const counts = Object.fromEntries(Object.keys(damages).map((name) => [name, { right: 0, refused: 0 }]));
  for (const number of numbers) {
    const stored = pageText(document, number);
    const { text } = joined(layers[number - 1] ?? []);
    const other = fold(joined(layers[number % layers.length] ?? []).text);
    const [folded, whole] = [fold(stored), fold(text)];
    const isWithin = whole.text.includes(folded.text);
    for (const span of sentences(stored, random)) {
      const [truth] = place(folded, span, whole) ?? [];
      if (!truth || !isWithin) continue;
      for (const [name, damage] of Object.entries(damages)) {
        const layer = damage(text, random);
        const marks = place(folded, span, fold(layer.text));
        const count = counts[name] as { right: number; refused: number };
        if (!marks) count.refused += 1;
        else if (isRightPlace(marks, truth, layer)) count.right += 1;
        else wrong.push(`${name}, page ${number}: ${stored.slice(span.start, span.end)}`);
      }
      if (layers.length > 1 && place(folded, span, other)) wrong.push(`another page than ${number}`);
    }
  }
  expect(wrong).toEqual([]);
  for (const name of ['nothing', 'header before', 'other breaks and signs'] satisfies Damage[]) {
    expect(counts[name]).toHaveProperty('refused', 0);
  }
  for (const [name, { right, refused }] of Object.entries(counts)) {
    expect(right / (right + refused), name).toBeGreaterThanOrEqual(0.75);
  }
}

/** Some sentences of a page, each from its first letter to its end. */
function sentences(text: string, random: () => number): Span[] {
  const all = [...text.matchAll(/\S[^.]{30,300}\./g)].map(({ 0: found, index }) => ({
    start: index,
    end: index + found.length,
  }));
  return all.toSorted(() => random() - 0.5).slice(0, SENTENCES_OF_PAGE);
}

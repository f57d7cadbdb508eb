import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundledParser } from '../../modules/legal/reading/fixtures/bundled-programs.ts';
import { makePdf } from '../../modules/legal/reading/fixtures/make-pdf.ts';
import { createDocumentParser, type ParsedDocument } from '../../modules/legal/reading/index.ts';
import { type DrawnClause, type HardPages, makeHardPages } from '../../web/source/fixtures/hard-pages.ts';
import { makeLongPdf } from '../../web/source/fixtures/long-pdf.ts';
import { fold } from '../../web/source/place/fold.ts';
import { checkout } from '../support/platform.ts';
import { accessibilityFaults, noBrowser, openPage, PHONE, useBrowser } from '../support/web/browser.ts';
import { type SourceDocument, serveSources } from '../support/web/source-site.ts';

useBrowser();

const LONG_PAGES = 900;
/** A browser on a busy machine. */
const until = <T>(look: () => T) => expect.poll(look, { timeout: 15_000 });

let folder: string;
let hard: HardPages;
let stored: ParsedDocument;
let site: Awaited<ReturnType<typeof serveSources>>;
const documents = new Map<string, SourceDocument>();

beforeAll(async () => {
  if (noBrowser) return;
  folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  const parser = createDocumentParser({ timeoutMs: 60_000, entry: await bundledParser(), languageFolders: [] });
  const read = async (name: string, bytes: Buffer) => {
    await writeFile(join(folder, name), bytes);
    const parsed = await parser.parse({ path: join(folder, name), format: 'pdf' });
    documents.set(name, { title: name, format: 'pdf', bytes, parsed });
    return parsed;
  };
  const building = build({
    root: join(checkout, 'web'),
    logLevel: 'error',
    build: { outDir: join(folder, 'site'), emptyOutDir: true, minify: false },
  });
  hard = await makeHardPages();
  stored = await read('hard.pdf', hard.bytes);
  for (const name of ['dogovor-arendy.pdf', 'software-licence.pdf']) {
    await read(name, await readFile(join(checkout, 'scripts/samples', name)));
  }
  const long = await makeLongPdf(LONG_PAGES);
  documents.set('long.pdf', { title: 'Long', format: 'pdf', ...long });
  await building;
  site = await serveSources(join(folder, 'site'), documents);
}, 300_000);
afterAll(async () => {
  await site?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const address = (doc: string, span?: { start: number; end: number }) =>
  `/?doc=${doc}${span ? `&start=${span.start}&end=${span.end}` : ''}`;
const open = (doc: string, span?: { start: number; end: number }, options: object = {}) =>
  openPage(address(doc, span), { origin: site.url, ...options });

/** Goes to another source as a click on a citation does, without loading the page again. */
const turnTo = (page: Page, doc: string, span: { start: number; end: number }) =>
  page.evaluate((path) => history.pushState({ __TSR_key: crypto.randomUUID() }, '', path), address(doc, span));

/** Boxes of the marks of a quote, in shares of the page that each is on. */
async function marksOf(page: Page, start: number) {
  await page.waitForSelector(`.pdf-marks > [data-start="${start}"]`, { state: 'attached' });
  return page.$$eval(`.pdf-marks > [data-start="${start}"]`, (marks) =>
    marks.map((mark) => {
      const host = mark.closest<HTMLElement>('.pdf-page') as HTMLElement;
      const [box, around] = [mark.getBoundingClientRect(), host.getBoundingClientRect()];
      return {
        page: Number(host.dataset.page),
        x: (box.x - around.x) / around.width,
        y: (box.y - around.y) / around.height,
        width: box.width / around.width,
        height: box.height / around.height,
      };
    }),
  );
}

/** Where a clause is in the stored text: from its first words to its last ones, which may be on the next page. */
function spanOf({ parts, before, boxes }: DrawnClause) {
  const from = stored.pageStarts[(boxes[0]?.page ?? 1) - 1] ?? 0;
  const folded = fold(stored.text.slice(from));
  const find = (words: string, after: number) => folded.text.indexOf(fold(words).text, after);
  let at = find(parts[0] as string, 0);
  for (let time = 0; time < before; time += 1) at = find(parts[0] as string, at + 1);
  const last = fold(parts.at(-1) as string).text;
  const end = folded.text.indexOf(last, at) + last.length;
  return { start: from + (folded.starts[at] ?? 0), end: from + (folded.ends[end - 1] ?? 0) };
}

/** Puts a conversation at `/c/cited` whose answer has two citations. */
function serveCited() {
  const cited = hard.clauses.filter(({ kind }) => kind === 'numbered').slice(0, 2);
  const citations = cited.map(spanOf).map(({ start, end }, index) => {
    const quote = stored.text.slice(start, end);
    return { documentId: 'hard.pdf', title: `Clause ${index}`, page: index === 0 ? null : 2, start, end, quote };
  });
  const at = '2026-01-01T00:00:00Z';
  const said = { answered: true, incomplete: false, model: 'm', createdAt: at, citations };
  site.conversations.set('cited', {
    ...{ id: 'cited', title: 'Notice', owner: { userId: 'anna', email: 'a@b.example' }, isOwn: true, sharedAt: null },
    ...{ readers: [], createdAt: at, updatedAt: at, earlierCursor: null, sources: [] },
    messages: [{ id: 'm1', role: 'assistant', content: 'Notice is given. [1] In writing. [2]', ...said }],
  });
  return citations;
}

describe.skipIf(noBrowser)('the source of a citation', () => {
  it('has the words of each clause of hard pages marked where they were drawn', async () => {
    const page = await open('hard.pdf');
    await page.waitForSelector('.pdf-page canvas');
    expect(page.workers().length).toBeGreaterThan(0);
    const wrong: string[] = [];
    for (const clause of hard.clauses) {
      const span = spanOf(clause);
      await turnTo(page, 'hard.pdf', span);
      const marks = await marksOf(page, span.start);
      if (!(await isInView(page, span.start))) wrong.push(`${clause.kind}: not in view`);
      const pages = new Set(marks.map((mark) => mark.page));
      if (!clause.boxes.some((box) => pages.has(box.page))) wrong.push(`${clause.kind}: on pages ${[...pages]}`);
      // Between its parts the stored text has the footer and the header of the pages.
      const inner = clause.parts.length === 1 ? marks : marks.filter(({ x, y }) => x < 0.12 && y > 0.05 && y < 0.9);
      for (const mark of inner) {
        const box = clause.boxes.find((each) => each.page === mark.page);
        if (!box || !isInside(mark, turnedBox(box, clause.kind))) {
          wrong.push(`${clause.kind}, page ${mark.page}: ${JSON.stringify([mark, box])}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('leads from one page to the next where the quote continues', async () => {
    const clause = hard.clauses.find(({ kind }) => kind === 'over the edge') as DrawnClause;
    const span = spanOf(clause);
    const page = await open('hard.pdf', span);
    await page.getByRole('button', { name: 'Continues on page' }).click();
    await until(async () => new Set((await marksOf(page, span.start)).map((mark) => mark.page))).toEqual(
      new Set(clause.boxes.map((box) => box.page)),
    );
  });

  it('keeps its marks on the words when pages are zoomed and turned', async () => {
    const clause = hard.clauses.find(({ kind }) => kind === 'repeated') as DrawnClause;
    const span = spanOf(clause);
    const page = await open('hard.pdf', span);
    const before = await marksOf(page, span.start);
    await page.getByRole('button', { name: 'Zoom in' }).click();
    await page.getByRole('button', { name: 'Zoom in' }).click();
    await until(() => marksOf(page, span.start)).toHaveLength(before.length);
    for (const [index, mark] of (await marksOf(page, span.start)).entries()) {
      expect(mark.x).toBeCloseTo(before[index]?.x ?? 0, 2);
      expect(mark.y).toBeCloseTo(before[index]?.y ?? 0, 2);
    }
    await page.getByRole('button', { name: 'Rotate' }).click();
    await until(async () => (await marksOf(page, span.start))[0]?.x).toBeCloseTo(
      1 - (before[0]?.y ?? 0) - (before[0]?.height ?? 0),
      2,
    );
  });

  it.each(['dogovor-arendy.pdf', 'software-licence.pdf'])(
    'marks the sentences of %s on words that say the same',
    async (name) => {
      const { text } = documents.get(name)?.parsed ?? { text: '' };
      const sentences = [...text.matchAll(/(?<=\.\s)\p{Lu}[^.|]{30,300}\./gu)].filter((_, index) => index % 5 === 0);
      const page = await open(name);
      await page.waitForSelector('.pdf-page canvas');
      // Where the layer of a page is certain, nothing is waited for: words of scans never come here.
      await page.route('**/pages?*', () => {});
      expect(sentences.length).toBeGreaterThan(2);
      for (const { 0: sentence, index } of sentences) {
        await turnTo(page, name, { start: index, end: index + sentence.length });
        await marksOf(page, index);
        expect(fold(await wordsUnderMarks(page, index)).text).toContain(fold(sentence).text);
      }
    },
  );

  it('shows the quote and marks nothing where the page has no words, or others', async () => {
    const text = `${'Совсем другой текст, которого на страницах нет. '.repeat(20)}Последнее предложение.`;
    const { bytes, parsed } = documents.get('hard.pdf') as SourceDocument;
    documents.set('other.pdf', { title: 'Other', format: 'pdf', bytes, parsed: { ...parsed, text, pageStarts: [0] } });
    const start = text.indexOf('Последнее');
    const page = await open('other.pdf', { start, end: text.length });
    await page.getByText('so nothing is marked').waitFor();
    expect(await page.locator('.pdf-marks > *').count()).toBe(0);
    await page.getByRole('button', { name: 'Show in the text' }).click();
    expect(await page.locator('mark').allTextContents()).toEqual(['Последнее предложение.']);

    // A scan of which only the words are stored.
    const words = 'Scanned page, words without places.';
    const about = { text: words, pageStarts: [0] };
    documents.set('bare-scan.pdf', { title: 'Scan', format: 'pdf', bytes: makePdf([[]]), parsed: about });
    const scan = await open('bare-scan.pdf', { start: 14, end: 34 });
    await scan.getByText('so nothing is marked').waitFor();
    await scan.getByText('words without places').first().waitFor();
    expect(await scan.locator('.pdf-marks > *').count()).toBe(0);
    await scan.getByRole('button', { name: 'Show in the text' }).click();
    expect(await scan.locator('mark').allTextContents()).toEqual(['words without places']);
  });

  it('marks the words of a scan by their boxes', async () => {
    const { bytes } = documents.get('hard.pdf') as SourceDocument;
    const text = 'Scanned words here';
    const words = [
      [0, 7, 100, 100, 80, 12],
      [8, 13, 190, 100, 60, 12],
      [14, 18, 260, 100, 40, 12],
    ];
    const recognized = [{ page: 1, width: 595, height: 842, words }];
    documents.set('scan.pdf', { title: 'Scan', format: 'pdf', bytes, parsed: { text, pageStarts: [0] }, recognized });
    const page = await open('scan.pdf', { start: 8, end: 18 });
    const marks = await marksOf(page, 8);
    expect(marks.map(({ x }) => Math.round(x * 595))).toEqual([190, 260]);
  });

  it('has the exact words of a text, far down in a long one', async () => {
    const line = 'Пункт договора со словами, которые повторяются.\n';
    const text = line.repeat(20_000);
    documents.set('long.txt', {
      title: 'Long text',
      format: 'txt',
      bytes: Buffer.from(text),
      parsed: { text, pageStarts: [] },
    });
    const start = line.length * 12_345 + 6;
    const page = await open('long.txt', { start, end: start + 8 });
    const mark = page.locator('mark');
    await mark.waitFor();
    expect(await mark.allTextContents()).toEqual(['договора']);
    await until(() => mark.evaluate((each) => each.getBoundingClientRect().top)).toBeLessThan(800);
    expect(await page.locator('p[data-index]').count()).toBeLessThan(100);
    await page.getByRole('searchbox', { name: 'Find in the document' }).fill('пункт  договора');
    await page.getByText('1 of 5,000').or(page.getByText('1 of 5000')).waitFor();
  });

  it('reads a file of 900 pages by parts, and never draws more than five pages', async () => {
    site.ranges.length = 0;
    const { bytes, parsed } = documents.get('long.pdf') as SourceDocument;
    const page = await open('long.pdf', { start: 0, end: 10 }, PHONE);
    await marksOf(page, 0);
    const fetched = site.ranges.reduce((sum, range) => {
      const [first = 0, last = 0] = range.replace('bytes=', '').split('-').map(Number);
      return sum + Math.min(last, bytes.length) - first;
    }, 0);
    expect(fetched).toBeLessThan(bytes.length / 3);
    const start = parsed.pageStarts[700] ?? 0;
    await turnTo(page, 'long.pdf', { start, end: start + 10 });
    expect((await marksOf(page, start))[0]?.page).toBe(701);
    const most = await page.evaluate(async () => {
      const scroller = document.querySelector('.pdf-page')?.parentElement?.parentElement as HTMLElement;
      let highest = 0;
      for (let step = 0; step < 60; step += 1) {
        scroller.scrollTop = (scroller.scrollHeight * ((step * 7) % 60)) / 60;
        await new Promise((resolve) => setTimeout(resolve, 30));
        highest = Math.max(highest, document.querySelectorAll('canvas[width]:not([width="0"])').length);
      }
      return highest;
    });
    expect(most).toBeLessThanOrEqual(5);
    await until(() => page.locator('.pdf-page canvas').count()).toBeGreaterThan(0);
  });

  it('is turned to the next citation and closed by keys, and gives the focus back', async () => {
    const clauses = hard.clauses.filter(({ kind }) => kind === 'numbered').slice(0, 3);
    const spans = clauses.map(spanOf);
    site.hits.length = 0;
    for (const [index, span] of spans.entries()) {
      const text = stored.text.slice(span.start, span.end);
      const about = { title: `Clause ${index}`, page: 2, headingPath: [], highlights: [], score: 1, text };
      site.hits.push({ documentId: 'hard.pdf', ...span, ...about });
    }
    const page = await openPage('/search?q=notice', { origin: site.url });
    const second = page.getByRole('button', { name: 'Clause 1' });
    await second.click();
    await marksOf(page, spans[1]?.start ?? -1);
    await page.getByText('2 of 3', { exact: true }).waitFor();
    await page.keyboard.press(']');
    await marksOf(page, spans[2]?.start ?? -1);
    await page.keyboard.press('[');
    await page.keyboard.press('[');
    await marksOf(page, spans[0]?.start ?? -1);
    expect(new URL(page.url()).searchParams.get('start')).toBe(String(spans[0]?.start));
    await page.keyboard.press('Escape');
    await until(() => page.locator('aside').count()).toBe(0);
    await until(() => second.evaluate((button) => button === document.activeElement)).toBe(true);
    expect(new URL(page.url()).searchParams.get('doc')).toBeNull();
  });

  it('is closed by Escape while its panel is still loading, and gives the focus back to the citation', async () => {
    serveCited();
    const page = await openPage('/', { origin: site.url });
    const arrival = Promise.withResolvers<void>();
    await page.route('**/assets/panel-*.js', async (route) => {
      await arrival.promise;
      await route.continue();
    });
    await page.goto('/c/cited');
    const citation = page.getByRole('button', { name: 'Citation 1' });
    await citation.click();
    await page.locator('aside').waitFor();
    await page.keyboard.press('Escape');
    await until(() => page.locator('aside').count()).toBe(0);
    await until(() => citation.evaluate((button) => button === document.activeElement)).toBe(true);
    expect(new URL(page.url()).searchParams.get('doc')).toBeNull();
    const arrived = page.waitForResponse('**/assets/panel-*.js');
    arrival.resolve();
    await arrived;
    // What was closed is not opened by its panel, which the next click shows.
    expect(await page.locator('aside').count()).toBe(0);
    await citation.click();
    await page.locator('#source-title').waitFor();
  });

  it('is announced by its quote on hover and on focus, and what shows pages is loaded before a click', async () => {
    const citations = serveCited();
    const page = await openPage('/c/cited', { origin: site.url });
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
    const viewer = () => loaded.filter((path) => /pdf/.test(path)).length;
    const [text, pdf] = [1, 2].map((number) => page.getByRole('button', { name: `Citation ${number}` }));
    const quote = (index: number) => page.getByRole('tooltip').filter({ hasText: citations[index]?.quote ?? '' });

    await until(viewer).toBeGreaterThan(0);
    await text?.hover();
    await quote(0).waitFor();
    await pdf?.hover();
    await quote(1).getByText('Clause 1 · page 2').waitFor();
    expect(await page.getByRole('tooltip').count()).toBe(1);
    expect(loaded.filter((path) => path.includes('/content'))).toEqual([]);
    const box = await quote(1).boundingBox();
    expect(box?.y).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(1280);

    await page.mouse.move(1, 1);
    await until(() => page.getByRole('tooltip').count()).toBe(0);
    await text?.focus();
    await quote(0).waitFor();
    expect(await text?.getAttribute('aria-describedby')).toBe(await quote(0).getAttribute('id'));
    await page.keyboard.press('Escape');
    await until(() => page.getByRole('tooltip').count()).toBe(0);
    await page.keyboard.press('Tab');
    await quote(1).waitFor();
    await page.keyboard.press('Enter');
    await marksOf(page, citations[1]?.start ?? -1);
    expect(await page.getByRole('tooltip').count()).toBe(0);
  });

  it.each([
    { language: 'en', theme: 'light' },
    { language: 'ru', theme: 'dark' },
  ] as const)('has nothing that axe objects to, in $language and $theme', async (look) => {
    const span = spanOf(hard.clauses[0] as DrawnClause);
    const page = await open('hard.pdf', span, look);
    await marksOf(page, span.start);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: look.language === 'ru' ? 'Текст' : 'Text' }).click();
    await page.locator('mark').first().waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('fills a phone, and is closed by going back', async () => {
    const page = await openPage('/', { origin: site.url, ...PHONE });
    await page.locator('h1').first().waitFor();
    const span = spanOf(hard.clauses[0] as DrawnClause);
    await turnTo(page, 'hard.pdf', span);
    await marksOf(page, span.start);
    const panel = await page.locator('aside').boundingBox();
    expect(panel).toMatchObject({ x: 0, y: 0, width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.goBack();
    await until(() => page.locator('aside').count()).toBe(0);
  });
});

function isInside(mark: Box, box: Box): boolean {
  const near = 0.01;
  return (
    mark.x >= box.x - near &&
    mark.x + mark.width <= box.x + box.width + near &&
    mark.y >= box.y - near &&
    mark.y + mark.height <= box.y + box.height + near
  );
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Where something drawn on a page stands when the page is shown turned, in shares of the page. */
function turnedBox(drawn: Box, kind: string): Box {
  const [pageWidth, pageHeight] = kind === 'landscape' ? [841.89, 595.28] : [595.28, 841.89];
  const [x, y, width, height] = [
    drawn.x / pageWidth,
    drawn.y / pageHeight,
    drawn.width / pageWidth,
    drawn.height / pageHeight,
  ];
  if (kind === 'turned by 90') return { x: 1 - y - height, y: x, width: height, height: width };
  if (kind === 'turned by 180') return { x: 1 - x - width, y: 1 - y - height, width, height };
  if (kind === 'turned by 270') return { x: y, y: 1 - x - width, width: height, height: width };
  return { x, y, width, height };
}

const isInView = (page: Page, start: number) =>
  until(() =>
    page.$eval(`.pdf-marks > [data-start="${start}"]`, (mark) => {
      const { top, bottom } = mark.getBoundingClientRect();
      return bottom > 0 && top < window.innerHeight;
    }),
  )
    .toBe(true)
    .then(
      () => true,
      () => false,
    );

/** The words of the text layer that marks lie on. */
const wordsUnderMarks = (page: Page, start: number) =>
  page.evaluate((offset) => {
    const marks = [...document.querySelectorAll(`.pdf-marks > [data-start="${offset}"]`)].map((mark) =>
      mark.getBoundingClientRect(),
    );
    const spans = [...document.querySelectorAll('.pdf-text span')].filter((span) => {
      const box = span.getBoundingClientRect();
      return marks.some(
        (mark) =>
          Math.min(mark.right, box.right) - Math.max(mark.left, box.left) > 1 &&
          Math.min(mark.bottom, box.bottom) - Math.max(mark.top, box.top) > box.height / 2,
      );
    });
    return spans.map((span) => span.textContent).join(' ');
  }, start);

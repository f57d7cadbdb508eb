import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeScan } from '../modules/legal/reading/fixtures/make-scan.ts';
import { createDocumentParser, type DocumentFormat } from '../modules/legal/reading/index.ts';
import { createBuilder } from '../platform/supervisor/release/builder.ts';
import { readUnits } from '../platform/supervisor/unit.ts';
import { median, pairedRatios, spread, times } from './support/figures.ts';
import { pageRate, pdftotext } from './support/page-rate.ts';
import { docxOf, linesOf, PAGE_CHARACTERS, pdfOf } from './support/papers.ts';
import { checkout } from './support/platform.ts';
import type { Bench, Row } from './support/table.ts';

const ROUNDS = 3;
const run = promisify(execFile);
const patience = { timeout: 600_000, maxBuffer: 2 ** 28 };

interface Paper {
  what: string;
  format: DocumentFormat;
  pages: number;
  make(round: number): Buffer | Promise<Buffer>;
  /** The same by another program; undefined where there is none, or it is not installed. */
  peer?: (path: string, folder: string) => Promise<unknown>;
}

const papers: Paper[] = [
  {
    what: 'PDF, text (pdftotext)',
    format: 'pdf',
    pages: 200,
    make: (round) => pdfOf(200, round),
    peer: pdftotext,
  },
  { what: 'DOCX', format: 'docx', pages: 1000, make: (round) => docxOf(1000, round) },
  {
    what: 'PDF, scanned (pdftoppm and tesseract)',
    format: 'pdf',
    pages: 5,
    make: (round) => makeScan(linesOf(5, round)),
    peer: recognizeNatively,
  },
];

export const parse: Bench = {
  name: 'parse',
  about:
    'pages a second of the parser alone, text, DOCX and scans, against pdftotext and tesseract where they are installed',
  async run() {
    const folder = await mkdtemp(join(tmpdir(), 'pandect-bench-'));
    try {
      const unit = (await readUnits(checkout)).find(({ name }) => name === 'ingest');
      if (!unit) throw new Error('Build worker "ingest": there is none');
      const release = await createBuilder()(unit, {
        root: checkout,
        releases: join(folder, 'releases'),
      });
      const parser = createDocumentParser({ entry: join(release.folder, 'parse-process.js') });
      const rows: Row[] = [];
      for (const { what, format, pages, make, peer } of papers) {
        const figures = { ours: [] as number[], peer: [] as number[] };
        for (let round = 0; round < ROUNDS; round++) {
          const path = join(folder, `${round}.${format}`);
          await writeFile(path, await make(round));
          if (peer) figures.peer.push(await pageRate(pages, () => peer(path, folder)));
          figures.ours.push(await pageRate(pages, () => parser.parse({ path, format })));
        }
        const measured = peer !== undefined && !figures.peer.some(Number.isNaN);
        rows.push({
          what,
          pages,
          'pages/s': spread(figures.ours, 1),
          'peer, pages/s': measured ? spread(figures.peer, 1) : '–',
          'ours / peer': measured ? times(median(pairedRatios(figures.ours, figures.peer))) : '–',
        });
      }
      return {
        title: 'Parser alone, one document at a time on one core',
        rows,
        aims: [],
        notes: [
          `A page of DOCX is ${PAGE_CHARACTERS.toLocaleString('en')} characters; a page of the PDFs is full.`,
          'Each document is read by a process of its own, whose start is counted in; so is that of the peers. tesseract has one thread and both languages.',
        ],
      };
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

async function recognizeNatively(path: string, folder: string): Promise<void> {
  const pictures = await mkdtemp(join(folder, 'pages-'));
  await run('pdftoppm', ['-r', '300', '-gray', path, join(pictures, 'page')], patience);
  for (const name of await readdir(pictures)) {
    const options = { ...patience, env: { ...process.env, OMP_THREAD_LIMIT: '1' } };
    await run('tesseract', [join(pictures, name), '-', '-l', 'rus+eng'], options);
  }
}

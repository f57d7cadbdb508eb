import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDocumentParser, type DocumentFormat } from '../modules/legal/reading/index.ts';
import { type Account, createAccount } from '../tests/support/http/client.ts';
import { median, pairedRatios, spread, times } from './support/figures.ts';
import { pageRate, pdftotext } from './support/page-rate.ts';
import { docxOf, PAGE_CHARACTERS, pdfOf } from './support/papers.ts';
import { withPlatform } from './support/platform.ts';
import { runningRelease } from './support/processes.ts';
import type { Bench, Row } from './support/table.ts';

const ROUNDS = 3;
const PAGES = 200;

const papers = [
  { format: 'pdf', make: pdfOf, hasBaseline: true },
  { format: 'docx', make: docxOf, hasBaseline: false },
] as const;

export const ingest: Bench = {
  name: 'ingest',
  about: 'pages a second from PDF and DOCX, against pdftotext where it is installed',
  run: () =>
    withPlatform(async (platform) => {
      const account = await createAccount(platform);
      const parser = createDocumentParser({
        entry: join((await runningRelease(platform, 'ingest')).folder, 'parse-process.js'),
      });
      const folder = await mkdtemp(join(tmpdir(), 'pandect-bench-'));
      await chmod(folder, 0o755);
      try {
        await account.add('warm-up.pdf', bytes(pdfOf(1, 99)));
        const rows: Row[] = [];
        for (const { format, make, hasBaseline } of papers) {
          const figures = { worker: [] as number[], parser: [] as number[], baseline: [] as number[] };
          for (let round = 0; round < ROUNDS; round++) {
            const content = make(PAGES, round);
            const path = join(folder, `${round}.${format}`);
            await writeFile(path, content);
            if (hasBaseline) figures.baseline.push(await pageRate(PAGES, () => pdftotext(path)));
            figures.parser.push(await pageRate(PAGES, () => parser.parse({ path, format: format as DocumentFormat })));
            figures.worker.push(await pageRate(PAGES, () => addPaper(account, `${round}.${format}`, content)));
          }
          const measured = figures.baseline.every((value) => !Number.isNaN(value)) && hasBaseline;
          const ratio = (values: number[]) => (measured ? times(median(pairedRatios(values, figures.baseline))) : '–');
          rows.push({
            format,
            'pages each': PAGES,
            'uploaded to ready, pages/s': spread(figures.worker),
            'parser alone, pages/s': spread(figures.parser),
            'pdftotext, pages/s': measured ? spread(figures.baseline) : '–',
            'ready / pdftotext': ratio(figures.worker),
            'parser / pdftotext': ratio(figures.parser),
          });
        }
        return {
          title: 'Ingestion, one document at a time',
          rows,
          aims: [],
          notes: [
            `A page of DOCX is ${PAGE_CHARACTERS.toLocaleString('en')} characters; a page of the PDF is full, about twice as many.`,
            'Ready means stored, read, cut, embedded by the local provider and indexed; each document is read by a process of its own.',
          ],
        };
      } finally {
        await rm(folder, { recursive: true });
      }
    }),
};

const addPaper = (account: Account, name: string, content: Buffer) => account.add(name, bytes(content));
const bytes = (content: Buffer) => new Uint8Array(content);

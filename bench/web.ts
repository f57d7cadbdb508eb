import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium as engine, type Page } from 'playwright-core';
import { firstLoad } from '../platform/supervisor/sites/budgets.ts';
import { buildSite, publicFolder } from '../platform/supervisor/sites/build-site.ts';
import { runBuild } from '../platform/supervisor/sites/run-build.ts';
import { readSites } from '../platform/supervisor/sites/site.ts';
import { chromium } from '../tests/support/chromium.ts';
import { type Account, createAccount, type Document } from '../tests/support/http/client.ts';
import { until } from '../tests/support/until.ts';
import {
  heapBytes,
  leavePassage,
  loadFirst,
  markPassage,
  openAt,
  openSignedIn,
  type Place,
  scrollThrough,
} from './support/app-page.ts';
import { median, megabytes, pairedRatios, spread, times } from './support/figures.ts';
import { pdfOf } from './support/papers.ts';
import { type BenchPlatform, checkout, liftPlans, withPlatform } from './support/platform.ts';
import type { Bench, Row, Table } from './support/table.ts';

const ROUNDS = 10;
const ROWS = 10_000;
const PAGES = 900;
/** In which the long PDF is read, at most. */
const READING_SECONDS = 600;
const AIM_FIRST_BYTES = 150_000;
const AIM_COLD_MS = 600;
const AIM_WARM_MS = 120;
const AIM_CANVASES = 5;

export const web: Bench = {
  name: 'web',
  about: 'the browser app in Chromium: first load, citation to mark, long lists, a PDF of 900 pages, its build',
  run: () =>
    withPlatform(async (platform) => {
      await liftPlans(platform.owner);
      await platform.owner`update subscription_plans set documents = 100000`;
      return measureApp(platform);
    }),
};

/** @param platform with plans that allow all of this */
export async function measureApp(
  platform: Pick<BenchPlatform, 'url' | 'owner' | 'home' | 'root' | 'pid'>,
): Promise<Table> {
  if (!chromium) throw new Error('Bench "web": needs Chromium; CHROMIUM names one');
  const account = await createAccount(platform);
  const browser = await engine.launch({ executablePath: chromium, args: ['--no-sandbox', '--disable-quic'] });
  try {
    const build = await measureBuild();
    const load = await measureFirstLoad(browser, platform.url, account);
    const marks = await measureMarks(browser, platform.url, account);
    const long = await measureLongPdf(browser, platform.url, account);
    const list = await measureList(browser, platform, account);
    return {
      title: 'The browser app in headless Chromium',
      rows: [...load.rows, ...marks.rows, ...long.rows, ...list.rows, ...build.rows],
      aims: [
        aim('scripts of the first load, gzip', build.firstBytes / 1000, AIM_FIRST_BYTES / 1000, 'KB'),
        aim('scripts of the first load of the console, gzip', build.consoleBytes / 1000, AIM_FIRST_BYTES / 1000, 'KB'),
        aim('citation to mark, first time', marks.coldMs, AIM_COLD_MS, 'ms'),
        aim('citation to mark, after that', marks.warmMs, AIM_WARM_MS, 'ms'),
        aim(`canvases in a PDF of ${PAGES} pages`, long.canvases, AIM_CANVASES, ''),
      ],
      notes: [
        'The first load is that of a browser that was never there, signed in, with everything that comes within a second of its heading. Its baseline is the page of the API on the same platform, by turns.',
        'A mark is timed from the change of address that a click makes to the first frame with the words marked, next to the answer that cites it, which was shown for a second. The baseline fetches the bytes of the same file in the same page.',
        `Lists are scrolled to their end in 600 frames; the baseline is the list of an organization with few documents. A frame is late after 50 ms.`,
        'The build is that of a deploy, with compression; the baseline is the bundler alone.',
      ],
    };
  } finally {
    await browser.close();
  }
}

const aim = (what: string, reached: number, most: number, unit: string) => ({
  ...{ what, aim: `≤ ${most} ${unit}`.trim(), reached: `${Math.round(reached)} ${unit}`.trim(), met: reached <= most },
});

const row = (what: string, value: string, baseline: string, ratio: string): Row => ({ what, value, baseline, ratio });
const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(0)} KB`;

async function measureFirstLoad(browser: Browser, url: string, account: Account) {
  const [app, docs]: Awaited<ReturnType<typeof loadFirst>>[][] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    app?.push(await loadFirst(browser, `${url}/documents`, account));
    docs?.push(await loadFirst(browser, `${url}/api/docs/`));
  }
  const of = (loads: typeof app, key: 'bytes' | 'shownMs') => (loads ?? []).map((load) => load[key]);
  const compare = (key: 'bytes' | 'shownMs') => times(median(pairedRatios(of(app, key), of(docs, key))));
  return {
    rows: [
      row(
        'first load, bytes',
        kilobytes(median(of(app, 'bytes'))),
        kilobytes(median(of(docs, 'bytes'))),
        compare('bytes'),
      ),
      row('first contentful paint, ms', spread(of(app, 'shownMs')), spread(of(docs, 'shownMs')), compare('shownMs')),
    ],
  };
}

async function measureMarks(browser: Browser, url: string, account: Account) {
  const sample = await readFile(join(checkout, 'scripts/samples/software-licence.pdf'));
  const document = await account.add('software-licence.pdf', Uint8Array.from(sample));
  const text = await (await account.send(`GET /api/documents/${document}/text`)).text();
  const places = placesIn(document, text);
  const { conversationId, citations } = await account.ask('What does the licensee pay, and when?');
  if (citations.length === 0) throw new Error('Bench "web": the answer cites nothing');
  const [cold, warm, unprepared, bare]: number[][] = [[], [], [], []];
  const openFirst = async (path: string): Promise<[Page, number]> => {
    const page = await openSignedIn(browser, url, account);
    await openAt(page, `${url}${path}`);
    return [page, await markPassage(page, places[0] as Place)];
  };
  for (let round = 0; round < ROUNDS; round++) {
    const [page, coldMs] = await openFirst(`/c/${conversationId}`);
    cold?.push(coldMs);
    await leavePassage(page);
    warm?.push(await markPassage(page, places[(round % (places.length - 1)) + 1] as Place));
    bare?.push(await fetchTime(page, account, `/api/documents/${document}/content`));
    await page.context().close();
    const [other, unpreparedMs] = await openFirst('/documents');
    unprepared?.push(unpreparedMs);
    await other.context().close();
  }
  const line = (what: string, values: number[] = []) =>
    row(what, spread(values), spread(bare ?? []), times(median(pairedRatios(values, bare ?? []))));
  return {
    rows: [
      line('citation to mark, first time, ms', cold),
      line('citation to mark, after that, ms', warm),
      line('address of a passage to mark, nothing loaded before, ms', unprepared),
    ],
    coldMs: median(cold ?? []),
    warmMs: median(warm ?? []),
  };
}

const fetchTime = (page: Awaited<ReturnType<typeof openSignedIn>>, { session }: Account, path: string) =>
  page.evaluate(
    async ([address, token]) => {
      const began = performance.now();
      await (await fetch(address, { headers: { authorization: `Bearer ${token}` }, cache: 'no-store' })).arrayBuffer();
      return performance.now() - began;
    },
    [path, session.accessToken] as const,
  );

/** Passages of one sentence, spread over the text. */
function placesIn(document: string, text: string): Place[] {
  const sentences = [...text.matchAll(/[A-Z][^.\n]{60,200}\./g)].map(({ index, 0: { length } }) => ({
    ...{ document, start: index, end: index + length },
  }));
  const step = Math.max(1, Math.floor(sentences.length / 8));
  return sentences.filter((_, index) => index % step === 0);
}

async function measureLongPdf(browser: Browser, url: string, account: Account) {
  const { id: document } = await account.upload('long.pdf', Uint8Array.from(pdfOf(PAGES, 7)));
  await until(
    'the long document',
    async () => {
      const { status } = await account.get<Pick<Document, 'status'>>(`GET /api/documents/${document}`);
      return status === 'ready' || undefined;
    },
    READING_SECONDS,
  );
  const text = await (await account.send(`GET /api/documents/${document}/text`)).text();
  const page = await openSignedIn(browser, url, account);
  await openAt(page, `${url}/documents`);
  const before = await heapBytes(page);
  await markPassage(page, placesIn(document, text)[0] as Place);
  const first = await heapBytes(page);
  const { canvases } = await scrollThrough(page, ':has(> div > .pdf-page)', 300);
  await page.waitForTimeout(1_000);
  const after = await heapBytes(page);
  await page.context().close();
  const shown = `${megabytes(after)} MB`;
  return {
    rows: [
      row(
        `heap with a PDF of ${PAGES} pages, scrolled`,
        shown,
        `${megabytes(before)} MB without it`,
        times(after / first),
      ),
    ],
    canvases,
  };
}

async function measureList(browser: Browser, { url, owner }: Pick<BenchPlatform, 'url' | 'owner'>, account: Account) {
  const scroll = async () => {
    const page = await openSignedIn(browser, url, account);
    await openAt(page, `${url}/documents`);
    const scrolled = await scrollThrough(page, undefined, 600);
    await page.context().close();
    return scrolled;
  };
  const few = await scroll();
  const { items } = await account.get<{ items: { id: string }[] }>('GET /api/documents?limit=1');
  await owner`
    insert into documents (organization_id, title, file_name, format, bytes, sha256, storage_key, status, pages_done, pages_total, language)
    select organization_id, 'Agreement ' || n, 'agreement-' || n || '.pdf', format, bytes, md5(n::text) || md5(n::text),
      'bench/' || n, 'ready', 1, 1, 'en'
    from documents, generate_series(1, ${ROWS}) n where id = ${items[0]?.id ?? ''}`;
  const many = await scroll();
  const share = ({ late }: typeof many) => `${(late * 100).toFixed(1)} % late, longest`;
  return {
    rows: [
      row(
        `scrolling ${ROWS.toLocaleString('en')} documents`,
        `${share(many)} ${Math.round(many.longestMs)} ms`,
        `${share(few)} ${Math.round(few.longestMs)} ms`,
        times(many.longestMs / few.longestMs),
      ),
    ],
  };
}

async function measureBuild() {
  const site = (await readSites(checkout))[0];
  if (!site) throw new Error('Bench "web": the checkout has no site');
  const folder = await mkdtemp(join(tmpdir(), 'pandect-bench-'));
  const options = { root: checkout, work: join(folder, 'work'), node: process.execPath, user: undefined };
  const [whole, bare]: number[][] = [[], []];
  const timed = async (into: number[] | undefined, work: () => Promise<unknown>) => {
    const began = performance.now();
    await work();
    into?.push((performance.now() - began) / 1000);
  };
  try {
    for (let round = 0; round < 3; round++) {
      const releases = join(folder, `releases-${round}`);
      await timed(whole, () => buildSite(site, { ...options, releases }));
      const output = join(folder, `output-${round}`);
      const command = { command: site.manifest.build, node: process.execPath, root: checkout, place: undefined };
      await timed(bare, () => runBuild({ ...command, work: folder, output, user: undefined }));
    }
    const [id = ''] = await readdir(join(folder, 'releases-0', site.name));
    const served = publicFolder({ folder: join(folder, 'releases-0', site.name, id) });
    const sizes = await firstSizes(served, site.manifest.entries[0] as string);
    const consoleSizes = await firstSizes(served, site.manifest.entries[1] as string);
    const size = (ending: string, of = sizes) => of.reduce((sum, each) => sum + (each[ending] ?? 0), 0);
    return {
      rows: [
        row(
          'build, s',
          spread(whole ?? [], 1),
          spread(bare ?? [], 1),
          times(median(pairedRatios(whole ?? [], bare ?? []))),
        ),
        row(
          'first load as brotli',
          kilobytes(size('.br')),
          `${kilobytes(size('.gz'))} gzip`,
          times(size('.br') / size('.gz')),
        ),
        row(
          'first load as zstd',
          kilobytes(size('.zst')),
          `${kilobytes(size('.gz'))} gzip`,
          times(size('.zst') / size('.gz')),
        ),
        row(
          'first load as gzip',
          kilobytes(size('.gz')),
          `${kilobytes(size(''))} plain`,
          times(size('.gz') / size('')),
        ),
        row(
          'first load of the console',
          `${kilobytes(size('.gz', consoleSizes))} gzip`,
          `${kilobytes(size('.gz'))} of the app`,
          times(size('.gz', consoleSizes) / size('.gz')),
        ),
      ],
      firstBytes: scriptBytes(sizes),
      consoleBytes: scriptBytes(consoleSizes),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const scriptBytes = (sizes: Awaited<ReturnType<typeof firstSizes>>): number =>
  sizes.filter(({ script }) => script).reduce((sum, each) => sum + (each['.gz'] ?? 0), 0);

/** Sizes of each form of what the first load asks for; a form that was not worth a file is as large as the file. */
async function firstSizes(served: string, entry: string) {
  const contents = new Map<string, Buffer>();
  for (const path of await readdir(served, { recursive: true })) {
    if (/\.(html|css|m?js)$/.test(path)) contents.set(path, await readFile(join(served, path)));
  }
  const { scripts, styles } = firstLoad(entry, (path) => contents.get(path));
  return Promise.all(
    [entry, ...scripts, ...styles].map(async (path) => {
      const sizes: Record<string, number> & { script?: never } = { '': contents.get(path)?.length ?? 0 };
      for (const ending of ['.br', '.zst', '.gz']) {
        sizes[ending] = (await stat(join(served, path + ending)).catch(() => undefined))?.size ?? sizes[''] ?? 0;
      }
      return { ...sizes, script: scripts.includes(path) } as Record<string, number> & { script: boolean };
    }),
  );
}

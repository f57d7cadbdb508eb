import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Account, createAccount } from '../support/http/client.ts';
import { sharedPlatform } from '../support/shared-platform.ts';
import { noBrowser, openLastingPage, openPage, useBrowser } from '../support/web/browser.ts';

useBrowser();
const platform = await sharedPlatform();

const MB = 1024 * 1024;
/** Files of a person who uploads a folder of 120: three are damaged, one is too large, two are there already. */
const READABLE = 114;
/** The platform reads the files next to those of other tests, a few a second. */
const READING_MS = 150_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pandect-web-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function put(files: Record<string, string | Buffer>): Promise<string> {
  const place = await mkdtemp(join(folder, 'files-'));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(place, path)), { recursive: true });
    await writeFile(join(place, path), content);
  }
  return place;
}

/** Documents that were counted as uploaded this month. */
const uploadsOf = async (owner: Account): Promise<number> => {
  const { items } = await owner.get<{ items: { action: string; count: number }[] }>('GET /api/usage');
  return items.filter(({ action }) => action === 'document_upload').reduce((sum, { count }) => sum + count, 0);
};

const eventually = <T>(look: () => T | Promise<T>, timeout = 15_000) => expect.poll(look, { timeout, interval: 500 });
const queue = (page: Page) => page.getByRole('region', { name: 'Uploads' }).first();
const row = (page: Page, path: string) => queue(page).getByRole('listitem').filter({ hasText: path });

/** A person uploads a folder in the first test; it is read while the others run, and the last one looks what became of it. */
const folderOf120 = Promise.withResolvers<Awaited<ReturnType<typeof uploadFolder>>>();
folderOf120.promise.catch(() => {});
const there = ['Clause 1. This text is there already.', 'Clause 2. This text is there, too.'] as const;

async function uploadFolder() {
  const owner = await createAccount(platform, { tier: 'professional' });
  for (const [at, text] of there.entries()) await owner.add(`there ${at}.txt`, text);
  const countedBefore = await uploadsOf(owner);
  const readable = Object.fromEntries(
    Array.from({ length: READABLE }, (_, at) => [
      `Leases/${at % 3}/lease ${at}.txt`,
      `Clause ${at}. The rent is ${at}.`,
    ]),
  );
  const place = await put({
    ...readable,
    'Leases/broken 1.pdf': '%PDF-1.7\nthis is none',
    'Leases/broken 2.docx': 'no archive',
    'Leases/programs.exe': Buffer.from('MZ\u0000\u0000'),
    'Leases/large.txt': Buffer.alloc(51 * MB, 'a'),
    'Leases/copy 0.txt': there[0],
    'Leases/copy 1.txt': there[1],
    'Leases/.DS_Store': 'of the system',
  });
  const { page, close } = await openLastingPage('/documents', { as: owner });
  await page.getByLabel('Upload a folder').setInputFiles(join(place, 'Leases'));
  return { owner, page, close, countedBefore };
}

describe.skipIf(noBrowser)('uploading', () => {
  it('a folder shows each of its files', async () => {
    const uploading = uploadFolder();
    uploading.then(folderOf120.resolve, folderOf120.reject);
    const { page } = await uploading;
    await queue(page)
      .getByRole('heading', { name: `of ${READABLE + 6} files ready` })
      .waitFor();
  });

  it('of a large file waits for the network, and continues where it was, after a reload too', async () => {
    const owner = await createAccount(platform);
    const [piece, total] = [16 * MB, 18 * MB];
    const place = await put({ 'large.pdf': Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(total - 9)]) });
    const page = await openPage('/documents', { as: owner });
    page.on('dialog', (dialog) => dialog.accept());
    /** What was sent of the file: `new`, or the offset of a piece. */
    const sent: string[] = [];
    let isHeld = true;
    await page.route('**/api/uploads**', async (route) => {
      const request = route.request();
      const offset = request.headers()['upload-offset'];
      if (request.method() === 'POST') sent.push('new');
      if (request.method() === 'PATCH') sent.push(String(offset));
      // The second piece is on its way for as long as the test wants.
      if (isHeld && request.method() === 'PATCH' && offset !== '0') return;
      await route.continue();
    });
    const choose = () => page.getByLabel('Upload files').first().setInputFiles(join(place, 'large.pdf'));
    const second = String(piece);
    await choose();
    await eventually(() => sent, 60_000).toEqual(['new', '0', second]);
    await page.context().setOffline(true);
    await row(page, 'large.pdf').getByText('Waiting for the network, continues at 16').waitFor();
    await page.context().setOffline(false);
    await eventually(() => sent).toEqual(['new', '0', second, second]);
    await row(page, 'large.pdf').getByText('Sending').waitFor();
    await page.reload();
    isHeld = false;
    await choose();
    await eventually(() => row(page, 'large.pdf').textContent(), READING_MS).toMatch(/Uploaded|Reading|damaged/);
    expect(sent).toEqual(['new', '0', second, second, second]);
  });

  it('shows since when the reading of a file stalls, and what became of it', async () => {
    const owner = await createAccount(platform);
    const place = await put({ 'slow.txt': 'Clause 1. The rent is due on Monday.' });
    const page = await openPage('/documents', { as: owner });
    let isStalled = true;
    await page.route('**/api/documents/events', (route) =>
      route.fulfill({ contentType: 'text/event-stream', body: 'event: list\ndata: {}\n\n' }),
    );
    await page.route(/\/api\/documents\/[-0-9a-f]{36}$/, async (route) => {
      const response = await route.fetch();
      const stalled = { status: 'processing', stalled: true, stalledSince: '2026-01-01T10:00:00.000Z' };
      await route.fulfill({ response, json: { ...(await response.json()), ...(isStalled && stalled) } });
    });
    await page.getByLabel('Upload files').first().setInputFiles(join(place, 'slow.txt'));
    await row(page, 'slow.txt')
      .getByText(/No progress since .*2026.*; it continues by itself/)
      .waitFor();
    isStalled = false;
    await eventually(() => row(page, 'slow.txt').textContent(), READING_MS).toContain('Ready');
  });

  it('is not offered to a person who may only read, and says so', async () => {
    const page = await openPage('/documents', { as: await createAccount(platform) });
    await page.route('**/api/me', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), role: 'viewer' } });
    });
    await page.reload();
    await page.getByText('A colleague with the role').waitFor();
    expect(await page.getByRole('button', { name: 'Upload files' }).count()).toBe(0);
  });
});

describe.skipIf(noBrowser)('documents', () => {
  let owner: Account;
  let ids: { old: string; now: string };
  const lease = (rent: number, more = '') =>
    `LEASE AGREEMENT\n\n1. Premises\n\n1.1. The Landlord lets the flat in Baker Street.\n\n2. Rent\n\n2.1. The rent is ${rent} pounds a month.\n\n2.2. It is due on the first day of each month.${more}\n\n3. Term\n\n3.1. The lease ends in one year.`;
  beforeAll(async () => {
    if (noBrowser) return;
    owner = await createAccount(platform);
    const old = await owner.add('Lease.txt', lease(900));
    const body = new FormData();
    body.set('file', new Blob([lease(950, '\n\n2.3. Late payment costs five pounds a day.')]), 'Lease.txt');
    const { id: now } = await owner.get<{ id: string }>(`POST /api/documents/${old}/versions`, { body });
    await owner.follow(now);
    await owner.add('Notes.txt', 'Notes about the flat in Baker Street and its owner.');
    ids = { old, now };
  });

  it('are filtered by the address, and the address by the filters', async () => {
    const page = await openPage('/documents?query=lease', { as: owner });
    const list = page.getByRole('list', { name: 'List of documents' });
    await list.getByRole('link', { name: 'Lease' }).waitFor();
    expect(await list.getByRole('listitem').count()).toBe(1);
    await page.getByLabel('State').selectOption('replaced');
    await list.getByText('Replaced by a newer version').waitFor();
    expect(new URL(page.url()).search).toBe('?query=lease&status=replaced');
    await page.getByLabel('Words of the title').fill('nothing like it');
    await page.getByText('No document matches these filters.').waitFor();
    await page.getByRole('button', { name: 'Reset the filters' }).click();
    await list.getByRole('link', { name: 'Notes' }).waitFor();
    expect(new URL(page.url()).search).toBe('');
  });

  it('show ten thousand rows without a gap', async () => {
    const page = await openPage('/sign-in', { as: owner });
    const all = 10_000;
    await page.route('**/api/documents?*', async (route) => {
      const query = new URL(route.request().url()).searchParams;
      const [from, limit] = [Number(query.get('cursor') ?? 0), Number(query.get('limit') ?? 20)];
      const items = Array.from({ length: Math.min(limit, all - from) }, (_, at) => madeDocument(from + at));
      await route.fulfill({ json: { items, nextCursor: from + limit < all ? String(from + limit) : null } });
    });
    await page.goto('/documents');
    const list = page.getByRole('list', { name: 'List of documents' });
    const seen = () =>
      list.getByRole('listitem').evaluateAll((items) =>
        items
          .map((item) => ({ at: Number(item.getAttribute('aria-posinset')), box: item.getBoundingClientRect() }))
          .filter(({ box }) => box.bottom > 0 && box.top < window.innerHeight)
          .map(({ at }) => at),
      );
    let last = 0;
    for (let round = 0; round < 400 && last < all; round += 1) {
      await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
      // The next rows are there when they were fetched and drawn.
      await expect.poll(async () => (await seen()).at(-1) ?? 0, { timeout: 15_000 }).toBeGreaterThan(last);
      const rows = await seen();
      expect(rows).toEqual(rows.map((_, at) => (rows[0] as number) + at));
      last = rows.at(-1) as number;
    }
    expect(last).toBe(all);
    expect(await list.getByRole('listitem').count()).toBeLessThan(60);
  });

  it('show their text, find words in it, and give the file', async () => {
    const page = await openPage(`/documents/${ids.now}`, { as: owner });
    const content = page.getByRole('region', { name: 'Content of the document' });
    await content.getByText('2.3. Late payment costs five pounds a day.').waitFor();
    await content.getByRole('searchbox').fill('five pounds');
    await content.locator('mark', { hasText: 'five pounds' }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('Lease.txt');
  });

  it('lead from version to version, and say which one is replaced', async () => {
    const page = await openPage(`/documents/${ids.old}`, { as: owner });
    await page.getByText('A newer version has replaced this document.').waitFor();
    await page.getByRole('link', { name: 'Show the newer version' }).click();
    await page.getByText('Version 2').waitFor();
    expect(new URL(page.url()).pathname).toBe(`/documents/${ids.now}`);
    await page.getByRole('link', { name: 'Compare with version 1' }).click();
    await page.getByRole('heading', { level: 1, name: 'Comparison' }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/documents/${ids.old}/compare/${ids.now}`);
  });

  it('are compared clause by clause, from change to change', async () => {
    const page = await openPage(`/documents/${ids.old}/compare/${ids.now}`, { as: owner });
    const clauses = page.getByRole('list', { name: 'Clauses' });
    await clauses.locator('del', { hasText: '900' }).waitFor();
    expect(await clauses.locator('ins').allTextContents()).toEqual([
      '950',
      '2.3. Late payment costs five pounds a day.',
    ]);
    const counts = page.getByRole('region', { name: 'What differs' });
    expect(await counts.textContent()).toMatch(/Changed1.*Inserted1/);
    const current = clauses.locator('[aria-current]');
    await page.keyboard.press('n');
    expect(await current.textContent()).toContain('950');
    await page.keyboard.press('n');
    expect(await current.textContent()).toContain('Late payment');
    await page.keyboard.press('p');
    expect(await current.textContent()).toContain('950');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as Word with tracked changes' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('Comparison - Lease.docx');
  });

  it('are searched, and a hit shows its source next to the list', async () => {
    const page = await openPage('/search', { as: owner });
    await page.getByLabel('What to look for').fill('late payment');
    await page.getByRole('button', { name: 'Search' }).click();
    const hits = page.getByRole('list', { name: 'Passages, best first' });
    await hits.locator('mark', { hasText: /late/i }).first().waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('late payment');
    await hits.getByRole('button', { name: 'Show the source: Lease' }).first().click();
    await page.getByRole('complementary').getByText('2.3. Late payment costs five pounds a day.').waitFor();
    expect(new URL(page.url()).searchParams.get('doc')).toBe(ids.now);
    await page.goBack();
    await page.getByRole('complementary').waitFor({ state: 'detached' });
    await hits.waitFor();
  });
});

describe.skipIf(noBrowser)('a folder that was uploaded', () => {
  it('has each of its files read once, or says why not', async () => {
    const { owner, page, close, countedBefore } = await folderOf120.promise;
    onTestFinished(close);
    await eventually(() => queue(page).getByRole('heading').textContent(), READING_MS).toBe(
      `Uploads: ${READABLE + 2} of ${READABLE + 6} files ready`,
    );
    await queue(page).getByLabel('Failed only (4)').check();
    for (const [path, reason] of [
      ['Leases/broken 1.pdf', /damaged/],
      ['Leases/broken 2.docx', /PDF, DOCX|damaged|content/],
      ['Leases/programs.exe', /PDF, DOCX/],
      ['Leases/large.txt', /at most 50 MB/],
    ] as const) {
      expect(await row(page, path).textContent()).toMatch(reason);
    }
    await queue(page).getByLabel('Failed only (4)').uncheck();
    for (const at of there.keys()) {
      await queue(page)
        .getByRole('region')
        .evaluate((list) => list.scrollTo(0, 0));
      await eventually(async () => {
        await queue(page)
          .getByRole('region')
          .evaluate((list) => list.scrollBy(0, 300));
        return row(page, `Leases/copy ${at}.txt`).textContent();
      }).toContain(`Already there: there ${at}`);
    }
    // Each readable file once, the one whose content is read to tell that it is damaged, and nothing for the others.
    expect((await uploadsOf(owner)) - countedBefore).toBe(READABLE + 1);
    // The list behind it has them too, without a reload.
    await page.getByLabel('Words of the title').fill('lease 57');
    await page
      .getByRole('list', { name: 'List of documents' })
      .getByText('Leases/0/lease 57', { exact: true })
      .waitFor();
  });
});

const madeDocument = (at: number) => ({
  ...{ id: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`, title: `Document ${at}`, fileName: `${at}.txt` },
  ...{ format: 'txt', bytes: at, status: 'ready', progress: { pagesDone: 0, pagesTotal: 0 }, stalled: false },
  ...{
    stalledSince: null,
    failure: null,
    notices: [],
    noticesOmitted: 0,
    type: 'contract',
    dated: null,
    language: 'en',
  },
  ...{ version: 1, replaces: null, replacedBy: null },
  ...{ createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-01-01T00:00:00.000Z' },
});

import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Account, createAccount, form } from '../support/http/client.ts';
import { sharedPlatform } from '../support/shared-platform.ts';
import { noBrowser, openPage, useBrowser } from '../support/web/browser.ts';

useBrowser();
const platform = await sharedPlatform();

const lease = (rent: number) => `LEASE\n\n1. Rent\n\n1.1. The rent is ${rent} pounds a month.`;

let owner: Account;
let ids: { old: string; now: string; notes: string };
beforeAll(async () => {
  if (noBrowser) return;
  owner = await createAccount(platform);
  const [old, notes] = await Promise.all([
    owner.add('Lease.txt', lease(900)),
    owner.add('Notes.txt', 'NOTES\n\n1. Rent\n\n1.1. The rent is paid by transfer.'),
  ]);
  const { id: now } = await owner.get<{ id: string }>(`POST /api/documents/${old}/versions`, {
    body: form('Lease.txt', lease(950)),
  });
  await owner.follow(now);
  ids = { old, now, notes };
});

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
const pathOf = (page: Page) => new URL(page.url()).pathname;

describe.skipIf(noBrowser)('a document', () => {
  it('that was replaced still shows what was quoted from it', async () => {
    const quote = 'The rent is 900 pounds';
    const content = await (await owner.send(`GET /api/documents/${ids.old}/text`)).text();
    const start = content.indexOf(quote);
    const page = await openPage(`/search?doc=${ids.old}&start=${start}&end=${start + quote.length}`, { as: owner });
    await page.getByRole('complementary').locator('mark', { hasText: quote }).waitFor();
  });

  it('is compared with another one that is found by its title', async () => {
    const page = await openPage(`/documents/${ids.now}`, { as: owner });
    await page.getByRole('button', { name: 'Compare with another document' }).click();
    const dialog = page.getByRole('dialog', { name: 'Compare with' });
    await dialog.getByRole('link', { name: 'Notes' }).waitFor();
    expect(await dialog.getByRole('link').allTextContents()).toEqual(['Notes']);
    await dialog.getByLabel('Words of the title').fill('deed');
    await dialog.getByText('No other document matches.').waitFor();
    await dialog.getByLabel('Words of the title').fill('note');
    await dialog.getByRole('link', { name: 'Notes' }).click();
    await heading(page, 'Comparison');
    expect(pathOf(page)).toBe(`/documents/${ids.now}/compare/${ids.notes}`);
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('list', { name: 'Clauses' }).locator('ins', { hasText: 'transfer' }).waitFor();
  });

  it('that could not be read says why, and that it is left out', async () => {
    const { id } = await owner.upload('broken.pdf', '%PDF-1.7\nthis is none');
    await owner.follow(id);
    const page = await openPage(`/documents/${id}`, { as: owner });
    await page.getByText('The file is damaged or incomplete.').waitFor();
    await page.getByText('Answers and searches leave it out.').waitFor();
    expect(await page.getByRole('button', { name: 'Compare with another document' }).count()).toBe(0);
    const retried = page.waitForResponse((response) => response.url().endsWith(`/api/documents/${id}/retry`));
    await page.getByRole('button', { name: 'Try again' }).click();
    expect((await retried).status()).toBe(202);
  });

  it('is deleted after a question, and its address leads to the others', async () => {
    const id = await owner.add('Draft.txt', 'DRAFT\n\n1. Nothing is agreed yet.');
    const page = await openPage(`/documents/${id}`, { as: owner });
    const name = 'Delete: Draft';
    await page.getByRole('button', { name }).click();
    const dialog = page.getByRole('dialog', { name });
    await dialog.getByText('Earlier answers keep their quotes.').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    expect((await owner.send(`GET /api/documents/${id}`)).status).toBe(200);
    await page.getByRole('button', { name }).click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await heading(page, 'Documents');
    const list = page.getByRole('list', { name: 'List of documents' });
    await list.getByRole('link', { name: 'Lease' }).first().waitFor();
    expect(await list.getByRole('link', { name: 'Draft' }).count()).toBe(0);
    await page.goto(`/documents/${id}`);
    await page.getByRole('link', { name: 'To the documents' }).click();
    await heading(page, 'Documents');
  });
});

describe.skipIf(noBrowser)('a search', () => {
  const hits = (page: Page) => page.getByRole('list', { name: 'Passages, best first' });
  const search = (page: Page) => page.getByRole('button', { name: 'Search' }).click();

  it('shows the headings above each passage, and keeps its filters in the address', async () => {
    const { hits: found } = await owner.get<{ hits: { headingPath: string[] }[] }>('POST /api/search', {
      json: { query: 'rent' },
    });
    const path = found[0]?.headingPath.join(' › ');
    expect(path).toMatch(/Rent/);
    const page = await openPage('/search?q=rent', { as: owner });
    await hits(page).getByRole('listitem').first().locator('button + p').waitFor();
    expect(await hits(page).getByRole('listitem').first().locator('button + p').textContent()).toBe(path);
    await page.getByLabel('Language of the document').selectOption({ label: 'Russian' });
    await page.getByText('Nothing was found. Try other words or fewer filters.').waitFor();
    expect(new URL(page.url()).search).toBe('?q=rent&language=ru');
    await page.reload();
    await page.getByText('Nothing was found. Try other words or fewer filters.').waitFor();
    await page.getByLabel('Language of the document').selectOption({ label: 'Any' });
    await hits(page).getByRole('button', { name: 'Show the source: Notes' }).waitFor();
  });

  it('that is pressed again finds what was added since', async () => {
    const other = await createAccount(platform);
    await other.add('Deed.txt', 'DEED\n\n1. Price\n\n1.1. The price is 900 pounds.');
    const page = await openPage('/search', { as: other });
    await page.getByLabel('What to look for').fill('price');
    await search(page);
    await hits(page).getByRole('button', { name: 'Show the source: Deed' }).waitFor();
    await other.add('Offer.txt', 'OFFER\n\n1. Price\n\n1.1. The price is 950 pounds.');
    await search(page);
    await hits(page).getByRole('button', { name: 'Show the source: Offer' }).waitFor();
  });
});

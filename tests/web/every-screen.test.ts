import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Account, createAccount } from '../support/http/client.ts';
import { sharedPlatform } from '../support/shared-platform.ts';
import { noBrowser, openPage, PHONE, themeFaults, useBrowser } from '../support/web/browser.ts';

useBrowser();
const platform = await sharedPlatform();

const outside = ['/sign-in', '/register', '/forgot-password', '/confirm-email', '/reset-password', '/invitation'];

const inside = [
  ...['/', '/search', '/documents', '/images', '/usage', '/subscription', '/plans', '/invoices', '/settings'],
  ...['/organization/people', '/organization/keys', '/organization/audit', '/organization/data', '/bots'],
];

const languages = ['en', 'ru'] as const;

let owner: Account;
let documentId: string;
beforeAll(async () => {
  if (noBrowser) return;
  owner = await createAccount(platform);
  documentId = await owner.add('terms.txt', 'Article 1. The deposit is 500 euros and is paid back after thirty days.');
});

/** A screen stands still when its heading is there and nothing is loading. */
async function settle(page: Page) {
  await page.locator('h1').first().waitFor();
  await page.waitForFunction(() =>
    [...document.querySelectorAll('[role=status]')].every(({ textContent }) => !textContent?.match(/Loading|Загрузка/)),
  );
}

/** Goes to another screen within the app, as its links do. */
async function show(page: Page, path: string) {
  const before = await page.locator('h1').first().textContent();
  await page.evaluate((to) => window.history.pushState({}, '', to), path);
  await page.waitForFunction((old) => document.querySelector('h1')?.textContent !== old, before);
  await settle(page);
}

/** Each screen inside, from the first, which is loaded. */
async function* visited(page: Page): AsyncGenerator<string> {
  await settle(page);
  for (const path of [...inside, `/documents/${documentId}`]) {
    if (path !== '/') await show(page, path);
    yield path;
  }
}

describe.skipIf(noBrowser)('every screen', () => {
  it.each(languages)('has nothing that axe objects to, in %s', async (language) => {
    const stranger = await openPage('/sign-in', { language });
    const faults = [];
    for (const path of outside) {
      await stranger.goto(path);
      await settle(stranger);
      faults.push(...(await themeFaults(stranger, language, path)));
    }
    const page = await openPage('/', { as: owner, language });
    for await (const path of visited(page)) faults.push(...(await themeFaults(page, language, path)));
    expect(faults).toEqual([]);
  });

  it.each(languages)('fits a phone without scrolling sideways, in %s', async (language) => {
    const page = await openPage('/', { as: owner, language, ...PHONE });
    const tooWide: string[] = [];
    for await (const path of visited(page)) {
      const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      if (Number(content) > Number(screen)) tooWide.push(`${path}: ${content} > ${screen}`);
    }
    expect(tooWide).toEqual([]);
  });

  it('has its own title and one heading', async () => {
    const page = await openPage('/', { as: owner });
    const titles = new Set<string>();
    for await (const path of visited(page)) {
      titles.add(await page.title());
      expect(await page.locator('h1').count(), path).toBe(1);
    }
    expect(titles.size).toBe(inside.length + 1);
  });
});

import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Account, createAccount } from '../support/http/client.ts';
import { sharedPlatform } from '../support/shared-platform.ts';
import { accessibilityFaults, noBrowser, openPage, PHONE, useBrowser } from '../support/web/browser.ts';

useBrowser();
const platform = await sharedPlatform();

const outside = ['/sign-in', '/register', '/forgot-password', '/confirm-email', '/reset-password', '/invitation'];

const inside = [
  ...['/', '/search', '/documents', '/images', '/usage', '/subscription', '/plans', '/invoices', '/settings'],
  ...['/organization/people', '/organization/keys', '/organization/audit', '/organization/data', '/bots'],
];

const looks = (['en', 'ru'] as const).flatMap((language) =>
  (['light', 'dark'] as const).map((theme) => ({ language, theme })),
);

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
  await page.waitForFunction(() => !document.querySelector('[role=status]')?.textContent?.match(/Loading|Загрузка/));
}

const faultsOf = async (page: Page, path: string) => {
  await page.goto(path);
  await settle(page);
  return (await accessibilityFaults(page)).map((fault) => `${path}: ${fault}`);
};

describe.skipIf(noBrowser)('every screen', () => {
  it.each(looks)('has nothing that axe objects to, in $language and $theme', async (look) => {
    const stranger = await openPage('/sign-in', look);
    const faults = [];
    for (const path of outside) faults.push(...(await faultsOf(stranger, path)));
    const page = await openPage('/', { as: owner, ...look });
    for (const path of [...inside, `/documents/${documentId}`]) faults.push(...(await faultsOf(page, path)));
    expect(faults).toEqual([]);
  });

  it.each(['en', 'ru'] as const)('fits a phone without scrolling sideways, in %s', async (language) => {
    const page = await openPage('/', { as: owner, language, ...PHONE });
    const tooWide: string[] = [];
    for (const path of [...inside, `/documents/${documentId}`]) {
      await page.goto(path);
      await settle(page);
      const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      if (Number(content) > Number(screen)) tooWide.push(`${path}: ${content} > ${screen}`);
    }
    expect(tooWide).toEqual([]);
  });

  it('has its own title and one heading', async () => {
    const page = await openPage('/', { as: owner });
    const titles = new Set<string>();
    for (const path of inside) {
      await page.goto(path);
      await settle(page);
      titles.add(await page.title());
      expect(await page.locator('h1').count(), path).toBe(1);
    }
    expect(titles.size).toBe(inside.length);
  });
});

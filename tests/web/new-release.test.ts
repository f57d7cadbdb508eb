import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Account, createAccount } from '../support/http/client.ts';
import { makeAdministrator } from '../support/people.ts';
import { sharedPlatform } from '../support/shared-platform.ts';
import { noBrowser, openPage, useBrowser } from '../support/web/browser.ts';

useBrowser();
const platform = await sharedPlatform();

/** How often the page was loaded from now on. */
function countLoads(page: Page): () => number {
  let loads = 0;
  page.on('request', (request) => {
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) loads += 1;
  });
  return () => loads;
}

describe.skipIf(noBrowser)('a tab that was opened before a deploy', () => {
  let owner: Account;
  beforeAll(async () => {
    if (noBrowser) return;
    owner = await createAccount(platform);
    await makeAdministrator(platform, owner);
  });
  const usage = (page: Page) => page.getByRole('link', { name: 'Usage and limits' });

  it('loads itself again once when a screen of its release is gone, and keeps what was typed', async () => {
    const page = await openPage('/', { as: owner });
    await page.getByRole('textbox', { name: 'Your question' }).fill('Half a question');
    const loads = countLoads(page);
    // What the page has not loaded yet is not there any more; pages that are loaded from now on have it.
    const missing: string[] = [];
    await page.route('**/assets/*', (route) => {
      if (loads() > 0) return route.continue();
      missing.push(new URL(route.request().url()).pathname);
      return route.fulfill({ status: 404, contentType: 'application/problem+json', body: '{}' });
    });
    await usage(page).click();
    await page.getByRole('heading', { level: 1, name: 'Usage and limits' }).waitFor();
    expect(missing.length).toBeGreaterThan(0);
    expect([loads(), new URL(page.url()).pathname]).toEqual([1, '/usage']);
    await page.getByRole('link', { name: 'Ask', exact: true }).first().click();
    expect(await page.getByRole('textbox', { name: 'Your question' }).inputValue()).toBe('Half a question');
    expect(loads()).toBe(1);
  });

  it('says so when the screen stays missing, and does not load itself for ever', async () => {
    const page = await openPage('/', { as: owner });
    const loads = countLoads(page);
    await page.route('**/assets/usage*', (route) => route.fulfill({ status: 404, body: '' }));
    await usage(page).click();
    await page.getByRole('heading', { level: 1, name: 'This page could not be shown' }).waitFor();
    // Once by itself and once by its router.
    expect(loads()).toBeLessThanOrEqual(2);
  });

  it.each([
    { of: 'the app', at: '/', screen: 'Usage and limits' },
    { of: 'the console', at: '/operator/plans', screen: 'Prices of models' },
  ])(
    'of $of stays as it is where a screen is missing for want of a network, and shows it when that is back',
    async ({ at, screen }) => {
      const page = await openPage(at, { as: owner });
      const loads = countLoads(page);
      const link = page.getByRole('link', { name: screen });
      await link.waitFor();
      await page.context().setOffline(true);
      await link.click();
      await page.getByText('as soon as the network is back').waitFor();
      expect(loads()).toBe(0);
      await page.context().setOffline(false);
      await page.getByRole('heading', { level: 1, name: screen }).waitFor();
      expect(loads()).toBe(1);
    },
  );

  it('of the console loads itself again once when a screen of its release is gone, and says so when it stays missing', async () => {
    const page = await openPage('/operator/plans', { as: owner });
    const loads = countLoads(page);
    let isBack = false;
    await page.route('**/assets/prices*', (route) =>
      isBack ? route.continue() : route.fulfill({ status: 404, body: '' }),
    );
    await page.getByRole('link', { name: 'Prices of models' }).click();
    await expect.poll(loads).toBe(1);
    const retry = page.getByRole('button', { name: 'Try again' });
    await retry.waitFor();
    expect([loads(), new URL(page.url()).pathname]).toEqual([1, '/operator/prices']);
    isBack = true;
    await retry.click();
    await page.getByRole('heading', { level: 1, name: 'Prices of models' }).waitFor();
  });
});

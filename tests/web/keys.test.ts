import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { createAccount, send } from '../support/http/client.ts';
import { addPerson, confirmAddress } from '../support/people.ts';
import { sharedPlatform } from '../support/shared-platform.ts';
import { noBrowser, openPage, PHONE, useBrowser } from '../support/web/browser.ts';

useBrowser();
const platform = await sharedPlatform();

const DAY_MS = 24 * 3600 * 1000;
const dayAhead = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

async function confirmedOwner() {
  const owner = await createAccount(platform, { tier: 'demo' });
  await confirmAddress(platform, owner);
  return owner;
}

/** Status of a call with a key. */
const statusWith = async (secret: string, call: `${string} /${string}`, json?: object): Promise<number> =>
  (await send(platform.url, call, { json, headers: { authorization: `Bearer ${secret}` } })).status;
const searchWith = (secret: string) => statusWith(secret, 'POST /api/search', { query: 'deposit' });

const rowOf = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });
const form = (page: Page) => page.getByRole('dialog', { name: 'Create a key' });
const shown = (page: Page) => page.getByRole('dialog', { name: 'The key is created' });
const eventually = <T>(look: () => Promise<T>) => expect.poll(look, { timeout: 15_000, interval: 250 });

/** Opens the form and says what the key may do. */
async function describeKey(page: Page, name: string, scope = 'search') {
  await page.getByRole('button', { name: 'Create a key' }).first().click();
  await form(page).getByLabel('Name').fill(name);
  await form(page).getByLabel(scope, { exact: true }).check();
}

const create = (page: Page) => form(page).getByRole('button', { name: 'Create a key' }).click();

async function store(page: Page): Promise<string> {
  const secret = (await shown(page).getByLabel('Your new key').textContent()) as string;
  await shown(page).getByLabel('I have stored the key').check();
  await shown(page).getByRole('button', { name: 'Close' }).click();
  return secret;
}

describe.skipIf(noBrowser)('an API key', () => {
  it('is shown once until it is stored, opens what was chosen, and opens nothing once it is revoked', async () => {
    const page = await openPage('/organization/keys', { as: await confirmedOwner() });
    await page.getByText('There are no keys yet.').waitFor();
    await page.getByRole('button', { name: 'Create a key' }).last().click();
    await form(page).getByLabel('Name').fill('Court calendar');
    await create(page);
    await form(page).getByText('Choose at least one').waitFor();
    expect(await form(page).getByLabel('Name').inputValue()).toBe('Court calendar');
    await form(page).getByLabel('search', { exact: true }).check();
    const until = form(page).getByLabel('Works until');
    await until.fill(dayAhead(400));
    expect(await until.evaluate((field: HTMLInputElement) => field.validity.rangeOverflow)).toBe(true);
    await until.fill(dayAhead(30));
    await create(page);

    await shown(page).getByText('It is shown only now.').waitFor();
    const secret = await shown(page).getByLabel('Your new key').textContent();
    expect(await shown(page).getByRole('button', { name: 'Close' }).isDisabled()).toBe(true);
    // Twice: browsers let the second one through what only refuses the first.
    for (const _ of [1, 2]) await page.keyboard.press('Escape');
    expect(await shown(page).getByLabel('Your new key').textContent()).toBe(secret);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await shown(page).getByRole('button', { name: 'Copy' }).click();
    await shown(page).getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
    const stored = await store(page);
    expect(await page.locator('body').textContent()).not.toContain(stored);

    const row = rowOf(page, 'Court calendar');
    await row.getByText(`${stored.slice(0, 8)}`).waitFor();
    expect(await row.textContent()).toMatch(/search.*Works until.*not yet/);
    expect(await searchWith(stored)).toBe(200);
    expect(await statusWith(stored, 'GET /api/documents')).toBe(404);
    await eventually(async () => {
      await page.reload();
      await row.waitFor();
      return row.textContent();
    }).not.toContain('not yet');

    await page.getByRole('button', { name: 'Revoke Court calendar' }).click();
    const question = page.getByRole('dialog', { name: 'Revoke Court calendar' });
    await question.getByText('This cannot be undone.').waitFor();
    await question.getByRole('button', { name: 'Cancel' }).click();
    expect(await searchWith(stored)).toBe(200);
    await page.getByRole('button', { name: 'Revoke Court calendar' }).click();
    await question.getByRole('button', { name: 'Revoke', exact: true }).click();
    await row.getByText('revoked').waitFor();
    expect(await row.getByRole('button').count()).toBe(0);
    await eventually(() => searchWith(stored)).toBe(401);
  });

  it('whose secret was lost on the way is said to be, and another one is created', async () => {
    const owner = await confirmedOwner();
    const page = await openPage('/organization/keys', { as: owner });
    let isLost = false;
    await page.route('**/api/keys', async (route) => {
      if (route.request().method() !== 'POST' || isLost) return route.continue();
      isLost = true;
      await route.fetch();
      await route.abort();
    });
    await describeKey(page, 'Courier');
    await create(page);
    await form(page).getByText('No connection to the server.').waitFor();
    await create(page);
    await form(page).getByText('its secret did not arrive').waitFor();
    expect(await form(page).getByLabel('Name').inputValue()).toBe('Courier');
    await create(page);
    expect(await searchWith(await store(page))).toBe(200);
    await eventually(() => rowOf(page, 'Courier').count()).toBe(2);
  });

  it('can be copied by hand on a phone whose browser has no clipboard for the page', async () => {
    const page = await openPage('/organization/keys', { as: await confirmedOwner(), ...PHONE });
    await page.evaluate(() => {
      Object.defineProperty(navigator, 'clipboard', { value: undefined });
    });
    await describeKey(page, 'Scanner');
    await create(page);
    await shown(page).getByRole('button', { name: 'Copy' }).tap();
    await shown(page).getByText('copy it by hand').waitFor();
    const selected = await page.evaluate(() => String(getSelection()));
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(PHONE.viewport.width);
    expect(selected).toBe(await store(page));
  });

  it('needs a confirmed address, and says so without losing what was typed', async () => {
    const page = await openPage('/organization/keys', { as: await createAccount(platform, { tier: 'demo' }) });
    await describeKey(page, 'Clerk');
    await create(page);
    const alert = form(page).getByRole('alert');
    expect(await alert.textContent()).toContain('Confirm your e-mail address first');
    expect(await form(page).getByLabel('Name').inputValue()).toBe('Clerk');
    expect(await form(page).getByLabel('search', { exact: true }).isChecked()).toBe(true);
  });

  it('is not offered to a viewer, who is told whom to ask', async () => {
    const owner = await createAccount(platform);
    const viewer = await addPerson(platform, owner, 'viewer');
    const page = await openPage('/organization/keys', { as: viewer });
    await page.getByText('Ask a person with the role “Member”').waitFor();
    await page.getByText('There are no keys yet.').waitFor();
    expect(await page.getByRole('button', { name: 'Create a key' }).count()).toBe(0);
  });
});

import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { type Account, createAccount, send } from '../support/http/client.ts';
import { sharedPlatform } from '../support/shared-platform.ts';
import { noBrowser, openPage, useBrowser } from '../support/web/browser.ts';

useBrowser();
const platform = await sharedPlatform();

const account = () => createAccount(platform, { tier: 'demo' });
/** As long as the page's own actions wait. */
const eventually = <T>(look: () => Promise<T>) => expect.poll(look, { timeout: 15_000 });
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
const sessions = (page: Page) => page.getByRole('table', { name: 'Your sessions' }).getByRole('row');
const signIn = ({ email }: Account, password: string) =>
  send(platform.url, 'POST /api/auth/login', { json: { email, password } });

describe.skipIf(noBrowser)('settings', () => {
  it('change language and colours at once, and are kept with the person on other devices', async () => {
    const owner = await account();
    const page = await openPage('/settings', { as: owner });
    await page.getByText(owner.email).first().waitFor();
    await page.getByLabel('Language of the app and of e-mails').selectOption({ label: 'Русский' });
    await heading(page, 'Настройки');
    await page.getByText('Сохранено для всех Ваших устройств.').waitFor();
    await page.getByLabel('Оформление', { exact: true }).selectOption({ label: 'Тёмное' });
    await eventually(() => page.locator('html').getAttribute('data-theme')).toBe('dark');
    await page.getByText('Сохранено для всех Ваших устройств.').waitFor();
    const elsewhere = await openPage('/settings', { as: owner });
    await heading(elsewhere, 'Настройки');
    await eventually(() => elsewhere.locator('html').getAttribute('data-theme')).toBe('dark');
  });
});

describe.skipIf(noBrowser)('the password in the settings', () => {
  it('is changed by who knows it, which ends all other sessions and not this one', async () => {
    const owner = await account();
    const page = await openPage('/settings', { as: owner });
    await eventually(() => sessions(page).count()).toBe(3);
    const change = page.getByRole('button', { name: 'Change the password' });
    await page.getByLabel('Current password').fill('a wrong password');
    await page.getByLabel('New password').fill('another horse');
    await change.click();
    await page.getByRole('alert').filter({ hasText: 'The current password is wrong.' }).waitFor();
    expect(await page.getByLabel('New password').inputValue()).toBe('another horse');
    await page.getByLabel('Current password').fill(owner.password);
    await page.getByLabel('New password').fill('password');
    await change.click();
    await page.getByText('The password is blank or among the most common ones').waitFor();
    await page.getByLabel('New password').fill('another horse');
    await change.click();
    await page.getByText('The password is changed. All other sessions have ended.').waitFor();
    expect(await page.getByLabel('New password').inputValue()).toBe('');
    await eventually(() => sessions(page).count()).toBe(2);
    expect((await signIn(owner, owner.password)).status).toBe(401);
    await page.reload();
    await heading(page, 'Settings');
  });
});

describe.skipIf(noBrowser)('a session in the settings', () => {
  it('is one of several, which are ended together but for this one', async () => {
    const owner = await account();
    const [page, other] = [await openPage('/settings', { as: owner }), await openPage('/settings', { as: owner })];
    await eventually(() => sessions(other).count()).toBe(4);
    await page.reload();
    await eventually(() => sessions(page).count()).toBe(4);
    await page.getByRole('button', { name: 'End all other sessions' }).click();
    await page.getByText('2 sessions ended').waitFor();
    await eventually(() => sessions(page).count()).toBe(2);
    expect(await page.getByRole('button', { name: 'End all other sessions' }).count()).toBe(0);
    await other.reload();
    await heading(other, 'Sign in');
    await page.reload();
    await heading(page, 'Settings');
  });

  it('of another device is listed and ended', async () => {
    const owner = await account();
    const page = await openPage('/settings', { as: owner });
    await eventually(() => sessions(page).count()).toBe(3);
    await page.getByText('(this device)').waitFor();
    await page.getByRole('button', { name: 'End:' }).click();
    await eventually(() => sessions(page).count()).toBe(2);
  });
});

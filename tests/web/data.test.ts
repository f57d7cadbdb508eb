import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { readZip } from '../../platform/testing/read-zip.ts';
import { type Account, createAccount, send } from '../support/http/client.ts';
import { addPerson } from '../support/people.ts';
import { sharedPlatform } from '../support/shared-platform.ts';
import { noBrowser, openPage, useBrowser } from '../support/web/browser.ts';

useBrowser();
const platform = await sharedPlatform();

const DATA = '/organization/data';
const NAME = 'Whole-system test';

const account = () => createAccount(platform, { tier: 'demo' });
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
const erase = (page: Page) => page.getByRole('button', { name: 'Erase for good' });
const typed = (page: Page) => page.getByLabel('Type the name of the organization');
const signIn = ({ email, password }: Pick<Account, 'email' | 'password'>) =>
  send(platform.url, 'POST /api/auth/login', { json: { email, password } });

async function download(page: Page, at: number) {
  const button = page.getByRole('button', { name: 'Download the archive' }).nth(at);
  await button.waitFor();
  const [file] = await Promise.all([page.waitForEvent('download'), button.click()]);
  expect(file.suggestedFilename()).toMatch(/^pandect-\d{4}-\d\d-\d\d\.zip$/);
  return readZip(await readFile(await file.path()));
}

describe.skipIf(noBrowser)('the export of an organization', () => {
  it('is one archive with its files, texts and rows, offered before the erasure too', async () => {
    const owner = await account();
    const content = 'Article 1. The deposit is 500 euros.';
    const id = await owner.add('terms.txt', content);
    const page = await openPage(DATA, { as: owner });
    const archive = await download(page, 0);
    expect(archive.get(`files/${id}.txt`)?.toString()).toBe(content);
    expect(archive.get(`texts/${id}.txt`)?.toString()).toContain(content);
    expect(JSON.parse(String(archive.get('data.json')))).toMatchObject({
      organization: { name: NAME },
      people: [{ email: owner.email }],
    });
    await page.getByText('Download the archive before: it cannot be made afterwards.').waitFor();
    expect([...(await download(page, 1)).keys()].toSorted()).toEqual([...archive.keys()].toSorted());
  });

  it('that does not arrive says so, and is made when it is asked for again', async () => {
    const page = await openPage(DATA, { as: await account() });
    await page.route('**/api/organization/export', (route) => route.abort());
    await page.getByRole('button', { name: 'Download the archive' }).first().click();
    await page.getByRole('alert').filter({ hasText: 'No connection to the server.' }).waitFor();
    await page.unroute('**/api/organization/export');
    expect((await download(page, 0)).has('data.json')).toBe(true);
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});

describe.skipIf(noBrowser)('the erasure of an organization', () => {
  it('needs its very name, signs everybody out and leaves nothing to sign in to', async () => {
    const owner = await createAccount(platform);
    const member = await addPerson(platform, owner, 'member');
    const theirs = await openPage('/documents', { as: member });
    await heading(theirs, 'Documents');
    const page = await openPage(DATA, { as: owner });
    const second = await page.context().newPage();
    await second.goto('/settings');
    await heading(second, 'Settings');
    await page.getByText('Everybody is signed out at once.').waitFor();
    expect(await erase(page).isDisabled()).toBe(true);
    await typed(page).fill(NAME.toLowerCase());
    expect(await erase(page).isDisabled()).toBe(true);
    await typed(page).fill(NAME);
    await erase(page).click();
    await heading(page, 'Sign in');
    await heading(second, 'Sign in');
    for (const person of [owner, member]) expect((await signIn(person)).status).toBe(401);
    await theirs.reload();
    await heading(theirs, 'Sign in');
  });

  it('is refused after the name was changed elsewhere, and keeps what was typed', async () => {
    const owner = await account();
    const page = await openPage(DATA, { as: owner });
    await typed(page).fill(NAME);
    expect((await owner.send('PATCH /api/organization', { json: { name: 'Renamed' } })).status).toBe(200);
    await erase(page).click();
    await page.getByText('The organization has been renamed. Type its current name.').waitFor();
    await page.getByText('Type the name of the organization: Renamed').waitFor();
    expect(await typed(page).inputValue()).toBe(NAME);
    expect((await signIn(owner)).status).toBe(200);
    await typed(page).fill('Renamed');
    await erase(page).click();
    await heading(page, 'Sign in');
  });

  it('is not offered to administrators, who are told whom to ask', async () => {
    const admin = await addPerson(platform, await createAccount(platform), 'admin');
    const page = await openPage(DATA, { as: admin });
    await page.getByText('Ask a person with the role “Owner” in your organization.').waitFor();
    expect(await page.getByRole('button', { name: 'Download the archive' }).count()).toBe(0);
    expect(await erase(page).count()).toBe(0);
  });
});

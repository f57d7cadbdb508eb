import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Account, createAccount, send } from '../support/http/client.ts';
import { mailedToken } from '../support/mailbox.ts';
import { addPerson, confirmAddress } from '../support/people.ts';
import { sharedPlatform } from '../support/shared-platform.ts';
import { noBrowser, openPage, useBrowser } from '../support/web/browser.ts';

useBrowser();
const platform = await sharedPlatform();

const PEOPLE = '/organization/people';

let owner: Account;
beforeAll(async () => {
  if (noBrowser) return;
  owner = await createAccount(platform);
  await confirmAddress(platform, owner);
});

const anAddress = () => `${crypto.randomUUID()}@example.org`;
const addMember = (role: string) => addPerson(platform, owner, role);
/** As long as the page's own actions wait. */
const eventually = <T>(look: () => Promise<T>) => expect.poll(look, { timeout: 15_000 });
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
const person = (page: Page, email: string) =>
  page.getByRole('table', { name: 'People' }).getByRole('row').filter({ hasText: email });
const roleOf = (page: Page, email: string) =>
  page.getByLabel(`Role of ${email}`).locator('option:checked').textContent();
const invited = (page: Page, email: string) =>
  page.getByRole('table', { name: 'Open invitations' }).getByRole('row').filter({ hasText: email });
const form = (page: Page) => page.locator('form').filter({ hasText: 'Send the invitation' });

async function invite(page: Page, email: string) {
  await form(page).getByLabel('E-mail address').fill(email);
  await form(page).getByRole('button', { name: 'Send the invitation' }).click();
}

async function join(page: Page, email: string) {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill('correct horse');
  await page.getByRole('button', { name: 'Join' }).click();
}

/** Presses a button that asks, and confirms in its dialog. */
async function confirm(page: Page, name: string, text: string) {
  await page.getByRole('button', { name }).click();
  const dialog = page.getByRole('dialog', { name });
  await dialog.getByRole('button', { name: text }).click();
  return dialog;
}

const signIn = ({ email, password }: { email: string; password: string }) =>
  send(platform.url, 'POST /api/auth/login', { json: { email, password } });

describe.skipIf(noBrowser)('an invitation to the organization', () => {
  it('says what its role may, arrives by letter, is listed until it is accepted, and makes a member', async () => {
    const page = await openPage(PEOPLE, { as: owner });
    const email = anAddress();
    const role = form(page).getByLabel('Role', { exact: true });
    await form(page).getByText('also uploads and deletes documents').waitFor();
    await role.selectOption({ label: 'Viewer' });
    await form(page).getByText('asks, searches and reads documents').waitFor();
    await invite(page, email);
    await page.getByText(`The invitation to ${email} is on its way.`).waitFor();
    expect(await form(page).getByLabel('E-mail address').inputValue()).toBe('');
    await invited(page, email).getByText('Viewer').waitFor();

    const theirs = await openPage(`/invitation#token=${await mailedToken(platform, email, 'invitation')}`);
    await join(theirs, email);
    await theirs.getByText('Whole-system test').first().waitFor();
    await page.reload();
    await eventually(() => roleOf(page, email)).toBe('Viewer');
    await page.getByText('No invitation is open.').waitFor();
  });

  it('is withdrawn after a question, and its letter leads no further', async () => {
    const page = await openPage(PEOPLE, { as: owner });
    const email = anAddress();
    await invite(page, email);
    await invited(page, email).waitFor();
    const token = await mailedToken(platform, email, 'invitation');
    const name = `Withdraw the invitation to ${email}`;
    const asked = await confirm(page, name, 'Cancel');
    await asked.waitFor({ state: 'hidden' });
    await confirm(page, name, 'Withdraw');
    await page.getByText('No invitation is open.').waitFor();
    const theirs = await openPage(`/invitation#token=${token}`);
    await join(theirs, email);
    await theirs.getByText('The person who invited you withdrew it.').waitFor();
  });

  it('that cannot be sent says why, and keeps the address', async () => {
    const page = await openPage(PEOPLE, { as: owner });
    const email = anAddress();
    const alert = form(page).locator('xpath=..').getByRole('alert');
    await invite(page, email);
    await invited(page, email).waitFor();
    await invite(page, email);
    await alert.filter({ hasText: /^Wait \d+ s/ }).waitFor();
    expect(await form(page).getByLabel('E-mail address').inputValue()).toBe(email);
    await invite(page, owner.email);
    await alert.filter({ hasText: 'An account with this e-mail exists' }).waitFor();
    expect(await form(page).getByLabel('E-mail address').inputValue()).toBe(owner.email);
    await confirm(page, `Withdraw the invitation to ${email}`, 'Withdraw');
    await page.getByText('No invitation is open.').waitFor();
  });

  it('needs a confirmed address and room in the plan, and says which one is missing', async () => {
    const small = await createAccount(platform, { tier: 'demo' });
    const page = await openPage(PEOPLE, { as: small });
    await invite(page, anAddress());
    await page.getByText('Confirm your e-mail address first').waitFor();
    await confirmAddress(platform, small);
    const confirmed = await openPage(PEOPLE, { as: small });
    await invite(confirmed, anAddress());
    await confirmed.getByText('The plan allows 1 person, open invitations included.').waitFor();
  });
});

describe.skipIf(noBrowser)('a role', () => {
  it('is changed in the list, and what it may is there for its person', async () => {
    const member = await addMember('member');
    const theirs = await openPage(PEOPLE, { as: member });
    await person(theirs, owner.email).getByText('Owner', { exact: true }).waitFor();
    expect(await theirs.getByRole('table').getByRole('combobox').count()).toBe(0);
    expect(await form(theirs).count()).toBe(0);
    expect(await theirs.getByRole('table').getByRole('button').allTextContents()).toEqual(['Leave the organization']);

    const page = await openPage(PEOPLE, { as: owner });
    const changed = page.waitForResponse((response) => response.url().endsWith(member.userId));
    await page.getByLabel(`Role of ${member.email}`).selectOption({ label: 'Administrator' });
    expect((await changed).status()).toBe(200);
    await theirs.reload();
    await form(theirs).waitFor();
    expect(await person(theirs, owner.email).getByRole('combobox').count()).toBe(0);
    expect(await person(theirs, owner.email).getByRole('button').count()).toBe(0);
    expect(await form(theirs).getByLabel('Role', { exact: true }).getByRole('option').allTextContents()).toEqual([
      ...['Viewer', 'Member', 'Administrator'],
    ]);
  });

  it('of the only owner is fixed until there is another one, and says so before it is tried', async () => {
    const second = await addMember('admin');
    const page = await openPage(PEOPLE, { as: owner });
    const explained = page.getByText('The only owner can neither leave nor take another role.');
    const own = page.getByLabel(`Role of ${owner.email}`);
    await explained.waitFor();
    expect(await own.isDisabled()).toBe(true);
    expect(await person(page, owner.email).getByRole('button').count()).toBe(0);

    await page.getByLabel(`Role of ${second.email}`).selectOption({ label: 'Owner' });
    await explained.waitFor({ state: 'detached' });
    await person(page, owner.email).getByRole('button', { name: 'Leave the organization' }).waitFor();
    // The other one steps down, which this page does not know.
    const { accessToken } = await (await signIn(second)).json();
    const stepped = await send(platform.url, `PATCH /api/organization/members/${second.userId}`, {
      json: { role: 'member' },
      headers: { authorization: `Bearer ${accessToken}` },
    });
    expect(stepped.status).toBe(200);
    await own.selectOption({ label: 'Member' });
    await person(page, owner.email).getByText('appoint another owner first').waitFor();
    await explained.waitFor();
    expect(await roleOf(page, owner.email)).toBe('Owner');
  });

  it('that a person gives up takes its controls from their page at once', async () => {
    const second = await addMember('owner');
    const page = await openPage(PEOPLE, { as: second });
    await page.getByLabel(`Role of ${second.email}`).selectOption({ label: 'Member' });
    await form(page).waitFor({ state: 'detached' });
    await person(page, second.email).getByText('Member', { exact: true }).waitFor();
    expect(await page.getByRole('table').getByRole('combobox').count()).toBe(0);
  });
});

describe.skipIf(noBrowser)('a member', () => {
  it('is removed after a question, and every page of theirs ends', async () => {
    const member = await addMember('member');
    const theirs = await openPage('/settings', { as: member });
    await theirs.getByText(member.email).first().waitFor();
    const page = await openPage(PEOPLE, { as: owner });
    const name = `Remove ${member.email}`;
    await page.getByRole('button', { name }).click();
    await page.getByRole('dialog', { name }).getByText('The person is signed out at once').waitFor();
    await page.keyboard.press('Escape');
    expect((await signIn(member)).status).toBe(200);
    await confirm(page, name, 'Remove');
    await person(page, member.email).waitFor({ state: 'detached' });
    expect((await signIn(member)).status).toBe(401);

    const ended = theirs.getByRole('dialog', { name: 'Your session has ended' });
    await eventually(async () => {
      await theirs.getByLabel('Theme', { exact: true }).selectOption({ label: 'Dark' });
      return ended.isVisible();
    }).toBe(true);
    await ended.getByLabel('Password', { exact: true }).fill(member.password);
    await ended.getByRole('button', { name: 'Sign in' }).click();
    await ended.getByText('The e-mail or the password is wrong.').waitFor();
    await ended.getByRole('button', { name: 'Not now' }).click();
    await theirs.getByRole('button', { name: 'Sign out' }).first().click();
    await heading(theirs, 'Sign in');
  });

  it('leaves after a question, and is signed out', async () => {
    const member = await addMember('viewer');
    const page = await openPage(PEOPLE, { as: member });
    await confirm(page, 'Leave the organization', 'Leave the organization');
    await heading(page, 'Sign in');
    expect((await signIn(member)).status).toBe(401);
    await page.goto(PEOPLE);
    await heading(page, 'Sign in');
  });
});

import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { type Account, createAccount, send } from '../support/http/client.ts';
import { mailedToken } from '../support/mailbox.ts';
import { confirmAddress } from '../support/people.ts';
import { sharedPlatform } from '../support/shared-platform.ts';
import { noBrowser, openPage, useBrowser } from '../support/web/browser.ts';

useBrowser();
const platform = await sharedPlatform();

const anAddress = () => `${crypto.randomUUID()}@example.org`;
const pathOf = (page: Page) => new URL(page.url()).pathname;
const account = () => createAccount(platform, { tier: 'demo' });
/** As long as the page's own actions wait. */
const eventually = <T>(look: () => Promise<T>) => expect.poll(look, { timeout: 15_000 });
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
/** Ends every session of a person, as another device would. */
const endSessions = (email: string, password: string) =>
  send(platform.url, 'POST /api/auth/login', { json: { email, password } })
    .then((response) => response.json())
    .then(({ accessToken }) =>
      send(platform.url, 'DELETE /api/me/sessions', { headers: { authorization: `Bearer ${accessToken}` } }),
    );

/** The account's own token belongs to a session that was ended with that of the page. */
const expectEnded = (ended: Account) => eventually(async () => (await ended.send('GET /api/me')).status).toBe(401);

describe.skipIf(noBrowser)('signing in', () => {
  it('says in one sentence that the password is wrong, then leads where the person wanted to go', async () => {
    const { email, password } = await account();
    const page = await openPage('/settings?doc=1');
    await heading(page, 'Sign in');
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password', { exact: true }).fill('a wrong password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    expect(await page.getByRole('alert').textContent()).toBe('The e-mail or the password is wrong.');
    expect(await page.getByLabel('E-mail').inputValue()).toBe(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await heading(page, 'Settings');
    expect(pathOf(page)).toBe('/settings');
    expect(await page.evaluate(() => document.cookie)).not.toContain('session');
    await page.reload();
    await heading(page, 'Settings');
  });

  it('counts the seconds down after too many wrong passwords, and frees the button', async () => {
    const page = await openPage('/sign-in');
    const seconds = 2;
    await page.route('**/api/auth/login', (route) =>
      route.fulfill({
        status: 429,
        contentType: 'application/problem+json',
        body: JSON.stringify({
          type: 'urn:pandect:problem:too-many-sign-ins',
          title: '',
          status: 429,
          detail: '',
          seconds,
        }),
      }),
    );
    await page.getByLabel('E-mail').fill(anAddress());
    await page.getByLabel('Password', { exact: true }).fill('a wrong password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Try again in 2 seconds.').waitFor();
    expect(await page.getByRole('button', { name: 'Sign in' }).isDisabled()).toBe(true);
    await page.getByText('Try again in 1 second.').waitFor();
    await page.getByRole('button', { name: 'Sign in', disabled: false }).waitFor();
  });

  it.each(['//evil.example/', 'https://evil.example/', '/\\evil.example', 'javascript:alert(1)'])(
    'leads to no other site: %s',
    async (next) => {
      const owner = await account();
      const page = await openPage(`/sign-in?next=${encodeURIComponent(next)}`, { as: owner });
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(new URL(page.url()).origin).toBe(platform.url);
    },
  );
});

describe.skipIf(noBrowser)('a new organization', () => {
  it('is registered and signed in at once; a bar asks to confirm the address until that is done', async () => {
    const email = anAddress();
    const page = await openPage('/register');
    await page.getByLabel('Organization').fill('Notary <b>& Sons</b>');
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password', { exact: true }).fill('password');
    await page.getByRole('button', { name: 'Register' }).click();
    await page.getByRole('alert').waitFor(); // too common
    expect(await page.getByLabel('Organization').inputValue()).toBe('Notary <b>& Sons</b>');
    await page.getByLabel('Password', { exact: true }).fill('correct horse');
    await page.getByRole('button', { name: 'Register' }).click();
    await page.getByText(`open the link in the e-mail to ${email}`).waitFor();
    expect(pathOf(page)).toBe('/');
    await page.getByText('Notary <b>& Sons</b>').first().waitFor();
    await page.getByRole('button', { name: 'Send the e-mail again' }).click();
    await page.getByText('The e-mail is on its way.').waitFor();

    const token = await mailedToken(platform, email, 'confirm-email');
    await page.goto(`/confirm-email#token=${token}`);
    await page.getByText('Your address is confirmed.').waitFor();
    expect(page.url()).toBe(`${platform.url}/confirm-email`);
    await page.getByText('Ended: 1 session.').waitFor();
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password', { exact: true }).fill('correct horse');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText(email).first().waitFor();
    expect(await page.getByText('open the link in the e-mail').count()).toBe(0);
    await page.goto(`/confirm-email#token=${token}`);
    await page.getByText('The link does not work').waitFor();
  });

  it('is the first of an empty platform, to which any address leads', async () => {
    const page = await openPage('/confirm-email');
    let open = true;
    await page.route('**/api/setup', async (route) => {
      if (route.request().method() === 'GET') return route.fulfill({ json: { open } });
      open = false;
      return route.continue({ url: `${platform.url}/api/auth/register` });
    });
    for (const path of ['/documents', '/sign-in', '/register']) {
      await page.goto(path);
      await heading(page, 'Welcome to Pandect');
    }
    await page.getByLabel('Organization').fill('First');
    await page.getByLabel('E-mail').fill(anAddress());
    await page.getByLabel('Password', { exact: true }).fill('correct horse');
    await page.getByRole('button', { name: 'Create the organization' }).click();
    await page.getByText('First', { exact: true }).first().waitFor();
    await page.goto('/welcome');
    await page.waitForURL('/');
  });
});

describe.skipIf(noBrowser)('a forgotten password', () => {
  it('is replaced by letter, without saying whether an address has an account', async () => {
    const owner = await account();
    const page = await openPage('/forgot-password');
    const ask = async (email: string) => {
      await page.getByLabel('E-mail').fill(email);
      await page.getByRole('button', { name: 'Send the e-mail' }).click();
      const text = await page.getByText('an e-mail is on its way').textContent();
      return text?.replace(email, '');
    };
    const known = await ask(owner.email);
    await page.getByRole('button', { name: 'Enter another address' }).click();
    expect(await ask(anAddress())).toBe(known);
    const token = await mailedToken(platform, owner.email, 'reset-password');
    await page.goto(`/reset-password#token=${token}`);
    await heading(page, 'New password');
    expect(page.url()).toBe(`${platform.url}/reset-password`);
    await page.getByLabel('New password').fill('another horse');
    await page.getByRole('button', { name: 'Save the password' }).click();
    await page.getByText('Ended: 1 session.').waitFor();
    await page.goto('/sign-in');
    await page.goto(`/reset-password#token=${token}`);
    await page.getByLabel('New password').fill('another horse');
    await page.getByRole('button', { name: 'Save the password' }).click();
    await page.getByText('The link does not work').waitFor();
  });
});

describe.skipIf(noBrowser)('an invitation', () => {
  async function invite() {
    const owner = await createAccount(platform);
    await confirmAddress(platform, owner);
    const email = anAddress();
    await owner.get('POST /api/organization/invitations', { json: { email, role: 'member' } });
    return { owner, email, token: await mailedToken(platform, email, 'invitation') };
  }

  it('signs its person in, and names the causes when it cannot be accepted', async () => {
    const { email, token } = await invite();
    const page = await openPage(`/invitation#token=${token}`);
    await page.getByLabel('E-mail').fill(anAddress());
    await page.getByLabel('Password', { exact: true }).fill('correct horse');
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByText('The invitation cannot be accepted.').waitFor();
    expect(await page.getByRole('alert').getByRole('listitem').count()).toBe(5);
    await page.getByLabel('E-mail').fill(email);
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByText(email).first().waitFor();
    expect(pathOf(page)).toBe('/');
  });

  it('offers somebody else who is signed in to sign out and continue, with the token kept', async () => {
    const [{ email, token }, other] = [await invite(), await account()];
    const page = await openPage(`/invitation#token=${token}`, { as: other });
    await page.getByText(`You are signed in as ${other.email}.`).waitFor();
    await page.getByRole('button', { name: 'Sign out and continue' }).click();
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password', { exact: true }).fill('correct horse');
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByText(email).first().waitFor();
  });
});

describe.skipIf(noBrowser)('a session', () => {
  it('that ends while somebody types is continued over the page, and what was typed is sent', async () => {
    const owner = await account();
    const page = await openPage('/settings', { as: owner });
    await page.getByLabel('Current password').fill(owner.password);
    await page.getByLabel('New password').fill('another horse');
    await page.getByText(owner.email).first().waitFor();
    await endSessions(owner.email, owner.password);
    await eventually(async () => {
      await page.getByLabel('Theme', { exact: true }).selectOption({ label: 'Dark' });
      return page.getByRole('dialog', { name: 'Your session has ended' }).isVisible();
    }).toBe(true);
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.getByText(owner.email).waitFor();
    await dialog.getByLabel('Password', { exact: true }).fill(owner.password);
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Saved for all your devices.').waitFor();
    expect(await page.getByLabel('New password').inputValue()).toBe('another horse');
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByText('The password is changed.').waitFor();
  });

  it('that ends while a long question is typed asks for the password, and the question is sent as typed', async () => {
    const owner = await createAccount(platform);
    const page = await openPage('/', { as: owner });
    const question = `${'Who pays, and when? '.repeat(100)}Answer in a sentence.`;
    await page.getByText(owner.email).first().waitFor();
    await page.getByLabel('Your question').fill(question);
    await endSessions(owner.email, owner.password);
    // Within a second the access token is no longer good either.
    await expectEnded(owner);
    await page.getByLabel('Your question').press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    const sent = page.waitForResponse((response) => response.url().endsWith('/api/ask') && response.ok());
    await dialog.getByLabel('Password', { exact: true }).fill(owner.password);
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await sent;
    await page.getByText(question.trim()).first().waitFor();
  });

  it('that ends is not continued as somebody else who signs in in another tab', async () => {
    const [owner, other] = [await account(), await account()];
    const page = await openPage('/settings', { as: owner });
    await page.getByText(owner.email).first().waitFor();
    await endSessions(owner.email, owner.password);
    await eventually(async () => {
      await page.getByLabel('Theme', { exact: true }).selectOption({ label: 'Dark' });
      return page.getByRole('dialog', { name: 'Your session has ended' }).isVisible();
    }).toBe(true);
    const second = await page.context().newPage();
    await second.goto('/sign-in');
    await second.getByLabel('E-mail').fill(other.email);
    await second.getByLabel('Password', { exact: true }).fill(other.password);
    await second.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText(other.email).first().waitFor();
    const { theme } = await other.get<{ theme: string | null }>('GET /api/me');
    expect(theme).toBeNull();
  });

  it('is refreshed once by two tabs that act at once after they were idle', async () => {
    const owner = await account();
    const first = await openPage('/settings', { as: owner });
    const second = await first.context().newPage();
    await first.clock.install();
    await second.clock.install();
    for (const page of [first, second]) {
      await page.goto('/settings');
      await page.getByText(owner.email).first().waitFor();
    }
    let refreshes = 0;
    await first.context().route('**/api/auth/refresh', (route) => {
      refreshes++;
      return route.continue();
    });
    for (const page of [first, second]) await page.clock.fastForward('31:00');
    await Promise.all(
      [first, second].map((page) => page.getByLabel('Theme', { exact: true }).selectOption({ label: 'Light' })),
    );
    for (const page of [first, second]) await page.getByText('Saved for all your devices.').waitFor();
    expect(refreshes).toBe(1);
  });

  it('that is signed out in one tab is left in the other', async () => {
    const owner = await account();
    const first = await openPage('/settings', { as: owner });
    const second = await first.context().newPage();
    await second.goto('/settings');
    await second.getByText(owner.email).first().waitFor();
    await first.getByRole('button', { name: 'Sign out' }).first().click();
    await heading(first, 'Sign in');
    await heading(second, 'Sign in');
    await second.goto('/settings');
    await heading(second, 'Sign in');
  });
});

describe.skipIf(noBrowser)('the audit log', () => {
  it('is downloaded whole, as the server writes it', async () => {
    const owner = await account();
    const page = await openPage('/organization/audit', { as: owner });
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download as CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^audit-\d{4}-\d\d-\d\d\.csv$/);
    const [head = '', ...acts] = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n');
    expect(head.codePointAt(0)).toBe(0xfeff);
    expect(head).toContain('createdAt,organizationId,actorId,actor,action');
    expect(acts.at(-1)).toContain('export-audit');
  });
});

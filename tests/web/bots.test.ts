import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { newBot, telegramOf } from '../support/bots.ts';
import { createAccount } from '../support/http/client.ts';
import { addPerson } from '../support/people.ts';
import { sharedPlatform } from '../support/shared-platform.ts';
import { noBrowser, openPage, PHONE, useBrowser } from '../support/web/browser.ts';

useBrowser();
const platform = await sharedPlatform();

/** Has the form of one, and belongs to no bot. */
const NOT_A_BOT = '7999999999:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

const ANSWER_MS = 30_000;

const account = () => createAccount(platform, { tier: 'demo' });
const dialog = (page: Page, name: string) => page.getByRole('dialog', { name });
const rowOf = (page: Page, username: string) => page.getByRole('row').filter({ hasText: `@${username}` });

/** Enters a token into a form that is open, and sends it. */
async function enter(page: Page, name: string, token: string) {
  await dialog(page, name).getByLabel('Token from BotFather').fill(token);
  await dialog(page, name).getByRole('button', { name: 'Save' }).click();
}

async function add(page: Page, token: string) {
  await page.getByRole('button', { name: 'Add a bot' }).first().click();
  await enter(page, 'Add a bot', token);
}

describe.skipIf(noBrowser)('a bot', () => {
  it('is connected by its token after wrong ones were refused in words, answers, and is stopped and removed', async () => {
    const page = await openPage('/bots', { as: await account() });
    const bot = await newBot(platform);
    await page.getByText('There are no bots yet.').waitFor();
    await page.getByRole('button', { name: 'Add a bot' }).last().click();
    const token = dialog(page, 'Add a bot').getByLabel('Token from BotFather');
    await dialog(page, 'Add a bot').getByLabel('What it does').selectOption({ label: 'reads tarot cards' });
    await enter(page, 'Add a bot', 'my bot');
    await dialog(page, 'Add a bot').getByText('must be a token as BotFather shows it').waitFor();
    expect(await token.inputValue()).toBe('my bot');
    await enter(page, 'Add a bot', NOT_A_BOT);
    await dialog(page, 'Add a bot').getByText('Telegram knows no bot with this token.').waitFor();
    expect(await token.inputValue()).toBe(NOT_A_BOT);
    await enter(page, 'Add a bot', ` ${bot.token}\n`);
    const row = rowOf(page, bot.username);
    await row.waitFor();
    expect(await row.textContent()).toMatch(/reads tarot cards.*works/);
    expect(await page.locator('body').textContent()).not.toContain(bot.token);

    const anna = telegramOf(platform).user('Anna', bot);
    const asked = await anna.send('/start');
    await anna.waitFor('tarot cards', { timeoutMs: ANSWER_MS, after: asked });

    await page.getByRole('button', { name: `Stop @${bot.username}` }).click();
    await row.getByText('stopped').waitFor();
    await page.getByRole('button', { name: `Start @${bot.username}` }).click();
    await row.getByText('works', { exact: true }).waitFor();

    await page.getByRole('button', { name: `Remove @${bot.username}` }).click();
    const question = dialog(page, `Remove @${bot.username}`);
    await question.getByText('subscriptions to it end').waitFor();
    await question.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByText('There are no bots yet.').waitFor();
  });

  it('gets a new token of its own only, and its people are linked by an address', async () => {
    const [bot, other] = [await newBot(platform), await newBot(platform)];
    const page = await openPage('/bots', { as: await account() });
    await add(page, bot.token);
    await page.getByRole('button', { name: `New token of @${bot.username}` }).click();
    const renewing = `New token of @${bot.username}`;
    await enter(page, renewing, other.token);
    await dialog(page, renewing).getByText(`The token belongs to @${other.username}.`).waitFor();
    await enter(page, renewing, bot.token);
    await dialog(page, renewing).waitFor({ state: 'hidden' });

    await page.getByRole('button', { name: `Link my account with @${bot.username}` }).click();
    const link = dialog(page, `Link my account with @${bot.username}`);
    await link.getByText('within ten minutes').waitFor();
    const address = new URL((await link.getByRole('link').getAttribute('href')) as string);
    expect(address.host + address.pathname).toBe(`t.me/${bot.username}`);
    const boris = telegramOf(platform).user('Boris', bot);
    const sent = await boris.send(`/start ${address.searchParams.get('start')}`);
    await boris.waitFor('Now I know your account', { timeoutMs: ANSWER_MS, after: sent });
  });

  it('of another organization is refused on a phone, where the form fits', async () => {
    const [owner, other] = [await account(), await account()];
    const bot = await newBot(platform);
    await other.get('POST /api/bots', { json: { token: bot.token, skills: ['tarot'] } });
    const page = await openPage('/bots', { as: owner, ...PHONE });
    await add(page, bot.token);
    await dialog(page, 'Add a bot').getByText('This bot is already set up on the platform.').waitFor();
    const save = await dialog(page, 'Add a bot').getByRole('button', { name: 'Save' }).boundingBox();
    expect((save?.x ?? 0) + (save?.width ?? Infinity)).toBeLessThanOrEqual(PHONE.viewport.width);
    expect((save?.y ?? 0) + (save?.height ?? Infinity)).toBeLessThanOrEqual(PHONE.viewport.height);
    await page.keyboard.press('Escape');
    await page.getByText('There are no bots yet.').waitFor();
  });

  it('is not offered to a member, who is told whom to ask', async () => {
    const owner = await createAccount(platform);
    const page = await openPage('/bots', { as: await addPerson(platform, owner, 'member') });
    await page.getByText('Ask a person with the role “Administrator”').waitFor();
    expect(await page.getByRole('button', { name: 'Add a bot' }).count()).toBe(0);
  });
});

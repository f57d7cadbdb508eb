import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type BotWithPerson, botWithPerson } from '../support/bots.ts';
import { type Account, createAccount, send } from '../support/http/client.ts';
import { makeAdministrator, organizationOf, someone } from '../support/people.ts';
import { checkout } from '../support/platform.ts';
import { sharedPlatform } from '../support/shared-platform.ts';
import { until } from '../support/until.ts';
import { noBrowser, openPage, PHONE, themeFaults, useBrowser } from '../support/web/browser.ts';
import { heading, show } from '../support/web/console-page.ts';

useBrowser();
const platform = await sharedPlatform();

interface CreatedKey {
  id: string;
  prefix: string;
  key: string;
}

let administrator: Account;
let bot: BotWithPerson;
let key: CreatedKey;
beforeAll(async () => {
  if (noBrowser) return;
  administrator = await createAccount(platform);
  await makeAdministrator(platform, administrator);
  bot = await botWithPerson(platform, administrator);
  key = await addKey('CRM');
  // The functions behind the console sleep until they are asked.
  await administrator.get('GET /api/operator/bots');
});

const addKey = (name: string) =>
  administrator.get<CreatedKey>('POST /api/keys', { json: { name, scopes: ['gateway'] } });
/** Status of a call of a model with a key. */
const callWith = async (secret: string): Promise<number> => {
  const json = { model: 'default', messages: [{ role: 'user', content: 'Hello' }] };
  const headers = { authorization: `Bearer ${secret}` };
  return (await send(platform.url, 'POST /v1/chat/completions', { json, headers })).status;
};

describe.skipIf(noBrowser)('a bot in the console', () => {
  it('is shown by numbers with what Telegram says, and changes how its updates come', async () => {
    const page = await openPage('/operator/bots', { as: administrator });
    await page.getByRole('link', { name: `@${bot.username}` }).click();
    await heading(page, `@${bot.username}`);
    const fact = (name: string) => page.locator('dl > div').filter({ hasText: name }).getByRole('definition').first();
    expect(await fact('People').textContent()).toContain('1; 1 new today, 1 active within seven days');
    expect(await fact('Updates by').textContent()).toBe('polling');
    await page.getByText('Nothing keeps the bot from working.').waitFor();
    expect(await page.locator('main').textContent()).not.toContain('Anna');
    await page.getByRole('button', { name: 'Check again' }).click();
    await page.getByText('Nothing keeps the bot from working.').waitFor();

    const switchTo = async (act: string, delivery: string) => {
      await page.getByRole('button', { name: `${act} for @${bot.username}` }).click();
      await page.getByRole('dialog').getByRole('button', { name: act }).click();
      await expect.poll(() => fact('Updates by').textContent(), { timeout: 10_000 }).toBe(delivery);
    };
    await switchTo('Use a webhook', 'webhook');
    await switchTo('Use polling', 'polling');
  });
});

describe.skipIf(noBrowser)('a key of the gateway in the console', () => {
  it('is rotated by its owner and revoked for a reason, after which it opens nothing', async () => {
    expect(await callWith(key.key)).toBe(200);
    await until('the call in the books', async () => {
      const { use } = await administrator.get<{ use: { today: { calls: number } } }>(
        `GET /api/operator/gateway/keys/${key.id}`,
      );
      return use.today.calls === 1 ? true : undefined;
    });
    const page = await openPage('/operator/gateway', { as: administrator });
    await page.getByRole('row').filter({ hasText: key.prefix }).getByRole('link', { name: 'CRM' }).click();
    await heading(page, 'CRM');
    const today = page.getByRole('table', { name: 'Use' }).getByRole('row').filter({ hasText: 'Today' });
    expect(await today.getByRole('cell').nth(1).textContent()).toBe('1');
    await page.getByRole('table', { name: 'Calls' }).getByRole('row').nth(1).waitFor();

    const dialog = page.getByRole('dialog');
    await page.getByRole('button', { name: 'Rotate CRM' }).click();
    await dialog.getByLabel('The old secret works for').selectOption({ label: 'an hour' });
    await dialog.getByRole('button', { name: 'Rotate' }).click();
    const rotated = (await dialog.getByLabel('Your new key').textContent()) as string;
    expect([await callWith(rotated), await callWith(key.key)]).toEqual([200, 200]);
    await dialog.getByLabel('I have stored the key').check();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByText('works until').waitFor();

    await page.getByRole('button', { name: 'Revoke CRM' }).click();
    const revoke = dialog.getByRole('button', { name: 'Revoke', exact: true });
    expect(await revoke.isDisabled()).toBe(true);
    await dialog.getByLabel('Reason').fill('Found in a public repository');
    await revoke.click();
    await page.getByText('revoked', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Rotate CRM' }).count()).toBe(0);
    const isClosed = async () => ((await callWith(rotated)) === 401 && (await callWith(key.key)) === 401) || undefined;
    await until('a key that opens nothing', isClosed);
  });
});

/** Screens with what stands for the names in their paths; a screen that is added has to be named here. */
async function everyScreen(): Promise<string[]> {
  const source = readFileSync(join(checkout, 'web/operator/app/screens.ts'), 'utf8');
  const patterns = [...source.matchAll(/^ {2}'(\/[^']*)': screen\(/gm)].map(([, pattern]) => pattern as string);
  const { jobs } = await administrator.get<{ jobs: { id: string }[] }>('GET /api/operator/jobs?limit=1');
  const places: Record<string, (string | undefined)[]> = {
    '/units/:name': ['ask', 'web'],
    '/jobs/:id': [jobs[0]?.id],
    '/alerts/:rule': ['UnitDown'],
    '/gateway/keys/:id': [(await addKey('Billing')).id],
    '/bots/:id': [bot.id],
    '/organizations/:id': [organizationOf(someone(administrator))],
    '/plans/:tier': ['demo'],
  };
  return patterns.flatMap((pattern) => {
    if (!pattern.includes(':')) return [pattern];
    const values = places[pattern];
    if (!values) throw new Error(`Visit "${pattern}": nothing stands for its name`);
    return values.map((value) => pattern.replace(/:\w+/, String(value)));
  });
}

describe.skipIf(noBrowser)('every screen of the console', () => {
  it.each(['en', 'ru'] as const)(
    'has one heading, fits a phone, and nothing that axe objects to, in %s',
    async (language) => {
      const screens = await everyScreen();
      expect(screens.length).toBeGreaterThan(20);
      const page = await openPage('/operator', { as: administrator, language, ...PHONE });
      await page.locator('h1').first().waitFor();
      const faults: string[] = [];
      const titles = new Set<string>();
      for (const screen of screens) {
        await show(page, `/operator${screen}`);
        expect(await page.getByRole('alert').allTextContents(), screen).toEqual([]);
        titles.add(await page.title());
        expect(await page.locator('h1').count(), screen).toBe(1);
        const [content, width] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
        if (Number(content) > Number(width)) faults.push(`${screen}: ${content} > ${width}`);
        faults.push(...(await themeFaults(page, language, screen)));
      }
      expect(faults).toEqual([]);
      expect(titles.size).toBe(screens.length);
    },
  );
});

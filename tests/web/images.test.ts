import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { type Account, createAccount } from '../support/http/client.ts';
import { addPerson } from '../support/people.ts';
import { sharedPlatform } from '../support/shared-platform.ts';
import { until } from '../support/until.ts';
import { noBrowser, openPage, PHONE, useBrowser } from '../support/web/browser.ts';

useBrowser();
const platform = await sharedPlatform();

interface Generation {
  id: string;
  status: string;
}

/** Five images a day. */
const account = () => createAccount(platform, { tier: 'demo' });
const isList = (url: URL) => url.pathname === '/api/images';
const cardOf = (page: Page, prompt: string) => page.getByRole('listitem').filter({ hasText: prompt }).first();
const promptField = (page: Page) => page.getByLabel('What the picture shows');
const make = (page: Page) => page.getByRole('button', { name: 'Make' }).click();
const listOf = async (owner: Account) => (await owner.get<{ items: Generation[] }>('GET /api/images')).items;

/** Images that the account's day has been charged. */
async function usedToday(owner: Account): Promise<number> {
  const { units } = await owner.get<{ units: { unit: string; period: string; used: number }[] }>('GET /api/limits');
  return units.find(({ unit, period }) => unit === 'image' && period === 'day')?.used ?? Number.NaN;
}

async function describePicture(page: Page, prompt: string, count = 1) {
  await promptField(page).fill(prompt);
  const number = page.getByLabel('Pictures');
  if (!(await number.isVisible())) await page.locator('summary', { hasText: 'Settings' }).click();
  await number.fill(String(count));
  await make(page);
}

/** Shows the newest generation as the test says, for as long as there is something to say. */
const showAs = (page: Page, state: () => object | undefined) =>
  page.route(isList, async (route) => {
    if (route.request().method() !== 'GET') return route.fallback();
    const [response, changes] = [await route.fetch(), state()];
    const { items, ...rest } = await response.json();
    const [newest, ...others] = items;
    const shown = newest && changes ? [{ ...newest, pictures: [], ...changes }, ...others] : items;
    return route.fulfill({ response, json: { ...rest, items: shown } });
  });

const expectDrawn = (page: Page, name: string) => {
  const image = page.getByRole('img', { name, exact: true });
  return expect
    .poll(() => image.evaluate(({ naturalWidth }: HTMLImageElement) => naturalWidth), { timeout: 15_000 })
    .toBeGreaterThan(0);
};

describe.skipIf(noBrowser)('pictures', () => {
  it('are described, followed while they are made, looked at, saved and deleted', async () => {
    const owner = await account();
    const page = await openPage('/images', { as: owner });
    let state: object | undefined = { status: 'running', progress: { done: 3, total: 8 } };
    await showAs(page, () => state);
    await page.getByText('No pictures yet. Describe one above.').waitFor();
    await page.getByText('1 unit for each picture').waitFor();
    await describePicture(page, 'A lighthouse in the fog', 2);
    const card = cardOf(page, 'A lighthouse in the fog');
    await card.getByText('In progress, 38 %').waitFor();
    expect(await promptField(page).inputValue()).toBe('');
    state = undefined;
    await card.getByText('Done').waitFor();
    for (const index of [1, 2]) await expectDrawn(page, `Picture ${index}: A lighthouse in the fog`);
    expect(await usedToday(owner)).toBe(2);

    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save the original: Picture 2: A lighthouse in the fog' }).click();
    const download = await downloading;
    const [{ id } = { id: '' }] = await listOf(owner);
    expect(download.suggestedFilename()).toMatch(new RegExp(`^${id}-1-original\\.(png|webp|jpg)$`));
    const original = await owner.send(`GET /api/images/${id}/pictures/1/original`);
    expect(await readFile(await download.path())).toEqual(Buffer.from(await original.arrayBuffer()));

    await page.getByRole('button', { name: 'Delete: A lighthouse in the fog' }).click();
    const question = page.getByRole('dialog', { name: 'Delete: A lighthouse in the fog' });
    await question.getByText('The pictures are deleted for good.').waitFor();
    await question.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('No pictures yet. Describe one above.').waitFor();
    expect((await owner.send(`GET /api/images/${id}`)).status).toBe(404);
  });

  it('whose request was lost on the way are asked for again, and made and paid once', async () => {
    const owner = await account();
    const page = await openPage('/images', { as: owner });
    let isLost = false;
    await page.route(isList, async (route) => {
      if (route.request().method() !== 'POST' || isLost) return route.fallback();
      isLost = true;
      await route.fetch();
      await route.abort();
    });
    await promptField(page).fill('A heron');
    await make(page);
    await page.getByText('No connection to the server.').waitFor();
    expect(await promptField(page).inputValue()).toBe('A heron');
    await make(page);
    await cardOf(page, 'A heron').getByText('Done').waitFor();
    expect(await listOf(owner)).toHaveLength(1);
    expect(await usedToday(owner)).toBe(1);
  });

  it('can be cancelled, and a cancellation that did not arrive is said and can be repeated', async () => {
    const owner = await account();
    const page = await openPage('/images', { as: owner });
    let state: object | undefined = { status: 'queued', position: 4 };
    await showAs(page, () => state);
    await promptField(page).fill('A tower');
    await make(page);
    const card = cardOf(page, 'A tower');
    await card.getByText('In the line, place 4').waitFor();
    await page.route('**/cancel', (route) => route.abort(), { times: 1 });
    await page.getByRole('button', { name: 'Cancel: A tower' }).click();
    await card.getByText('No connection to the server.').waitFor();
    await page.getByRole('button', { name: 'Cancel: A tower' }).click();
    await card.getByText('No connection to the server.').waitFor({ state: 'hidden' });
    state = undefined;
    // As it was over before, or not.
    await card.getByText(/^(Cancelled|Done)/).waitFor();
    await page.getByRole('button', { name: 'Delete: A tower' }).waitFor();
  });

  it('that the model refuses cost nothing; with the day’s images used up, the way to more is shown', async () => {
    const owner = await account();
    const page = await openPage('/images', { as: owner });
    await describePicture(page, 'refuse: a passport of somebody else');
    await cardOf(page, 'refuse:').getByText('Refused by the rules of the model; nothing was charged.').waitFor();
    expect(await usedToday(owner)).toBe(0);
    for (const prompt of ['A mill', 'A bridge']) {
      await owner.get('POST /api/images', { json: { prompt, width: 64, height: 64, count: 2 } });
      await until('pictures', async () => ((await listOf(owner))[0]?.status === 'done' ? true : undefined));
    }
    await describePicture(page, 'A river', 2);
    const alert = page.getByRole('alert');
    await alert.getByText('The limit of 5 images a day is reached').waitFor();
    expect(await promptField(page).inputValue()).toBe('A river');
    await page.getByLabel('Pictures').fill('1');
    await make(page);
    await cardOf(page, 'A river').getByText('Done').waitFor();
    await describePicture(page, 'A road');
    await alert.getByRole('link', { name: 'Plans and additional images' }).click();
    await page.getByRole('heading', { level: 1, name: 'Plans' }).waitFor();
  });
});

describe.skipIf(noBrowser)('the screen of pictures', () => {
  it('fits a phone with a long description and its picture', async () => {
    const page = await openPage('/images', { as: await account(), ...PHONE });
    const prompt = `A ${'long'.repeat(80)} wall`;
    await promptField(page).fill(prompt);
    await page.getByRole('button', { name: 'Make' }).tap();
    await expectDrawn(page, `Picture 1: ${prompt}`);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(PHONE.viewport.width);
  });

  it('tells a viewer whom to ask, and offers no form', async () => {
    const owner = await createAccount(platform);
    const page = await openPage('/images', { as: await addPerson(platform, owner, 'viewer') });
    await page.getByText('Ask a person with the role “Member”').waitFor();
    await page.getByText('You have no pictures.').waitFor();
    expect(await promptField(page).count()).toBe(0);
  });
});

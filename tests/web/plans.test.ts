import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Account, createAccount } from '../support/http/client.ts';
import { makeAdministrator } from '../support/people.ts';
import { sharedPlatform } from '../support/shared-platform.ts';
import { noBrowser, openPage, PHONE, useBrowser } from '../support/web/browser.ts';

useBrowser();
const platform = await sharedPlatform();

let administrator: Account;
beforeAll(async () => {
  if (noBrowser) return;
  administrator = await createAccount(platform, { tier: 'demo' });
  await makeAdministrator(platform, administrator);
});

interface Plan {
  tier: string;
  name: { en: string };
}

/** The cards of the plans on the page, by tier. */
async function planCards(page: Page, owner: Account) {
  const { items } = await owner.get<{ items: Plan[] }>('GET /api/plans');
  return (tier: string): Locator => {
    const name = items.find((plan) => plan.tier === tier)?.name.en ?? tier;
    return page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) });
  };
}

/** Orders what the open dialog explains, to be paid by transfer, and gives the number of the invoice. */
async function orderByTransfer(page: Page, owner: Account): Promise<string> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('How to pay').selectOption({ label: 'Bank transfer by invoice' });
  await dialog.getByRole('button', { name: 'Get the invoice' }).click();
  await dialog.getByText('Done.').waitFor();
  await dialog.getByRole('link', { name: 'To the invoices' }).click();
  await page.getByRole('heading', { level: 1, name: 'Invoices' }).waitFor();
  const { openInvoices } = await owner.get<{ openInvoices: { number: string }[] }>('GET /api/subscription');
  expect(openInvoices).toHaveLength(1);
  return openInvoices[0]?.number as string;
}

/** Confirms the transfer as the operator does who reads the statement of the bank. */
async function confirmTransfer(number: string): Promise<void> {
  const { items } = await administrator.get<{ items: { id: string; amount: number }[] }>(
    `GET /api/admin/payments?state=pending&invoice=${number}`,
  );
  await administrator.get(`POST /api/admin/payments/${items[0]?.id}/confirm`, {
    json: { amount: items[0]?.amount, currency: 'RUB' },
  });
}

const subscriptionOf = async (owner: Account) =>
  (
    await owner.get<{ subscription: { state: string; tier: string; nextTier: string | null } | null }>(
      'GET /api/subscription',
    )
  ).subscription;

describe.skipIf(noBrowser)('a plan', () => {
  it('is tried at once, bought during the trial, and the trial can be ended at once', async () => {
    const owner = await createAccount(platform, { tier: 'demo' });
    const page = await openPage('/plans', { as: owner, ...PHONE });
    const card = await planCards(page, owner);
    await card('basic').getByRole('button', { name: 'Try for free' }).click();
    await page.getByRole('dialog').getByText('begins at once and ends by itself').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Choose' }).click();
    await page.getByRole('dialog').getByText('Done.').waitFor();
    expect(await subscriptionOf(owner)).toMatchObject({ state: 'trial', tier: 'basic' });
    await page.keyboard.press('Escape');

    await card('basic').getByText('Your plan').waitFor();
    expect(await page.getByRole('button', { name: 'Try for free' }).count()).toBe(0);
    expect(await card('demo').getByRole('button').count()).toBe(0);
    await card('basic').getByRole('button', { name: 'Choose' }).click();
    await page.getByRole('dialog').getByText('The trial continues to its end.').waitFor();
    await orderByTransfer(page, owner);

    await page.goto('/subscription');
    await page.getByText('Trial period').waitFor();
    await page.getByRole('button', { name: 'Cancel the subscription' }).click();
    await page.getByRole('dialog').getByText('The plan ends at once').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the subscription' }).click();
    await page.getByText('Ended', { exact: true }).waitFor();
    expect(await subscriptionOf(owner)).toMatchObject({ state: 'expired' });
  });

  it('is bought by invoice, raised, lowered and kept, cancelled and continued', async () => {
    const owner = await createAccount(platform, { tier: 'demo' });
    const page = await openPage('/plans', { as: owner });
    const card = await planCards(page, owner);
    await card('basic').getByRole('button', { name: 'Choose' }).click();
    await page.getByRole('dialog').getByText('for the first month').waitFor();
    await page.getByLabel('Name for the invoice').fill('ООО «Ромашка» & <b>сыновья</b>');
    await page.getByLabel('Taxpayer number (INN)').fill('7701234567');
    const number = await orderByTransfer(page, owner);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: `Download invoice ${number} as PDF` }).click(),
    ]);
    expect(file.suggestedFilename()).toContain(number);
    await confirmTransfer(number);
    await page.reload();
    await page.getByRole('row').filter({ hasText: number }).getByText('Paid').waitFor();

    await page.goto('/plans');
    await card('professional').getByRole('button', { name: 'Choose' }).click();
    await page.getByRole('dialog').getByText('You pay the difference for the rest of this period').waitFor();
    await confirmTransfer(await orderByTransfer(page, owner));
    await page.goto('/plans');
    await card('professional').getByText('Your plan').waitFor();
    await card('basic').getByRole('button', { name: 'Choose' }).click();
    await page.getByRole('dialog').getByText('Nothing changes until the end of the paid period').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Choose' }).click();
    await page.getByRole('dialog').getByText('Done.').waitFor();
    expect(await subscriptionOf(owner)).toMatchObject({ tier: 'professional', nextTier: 'basic' });

    await page.goto('/subscription');
    await page.getByRole('button', { name: /^Stay with/ }).click();
    await page.getByText('the same plan').waitFor();
    await page.getByRole('button', { name: 'Cancel the subscription' }).click();
    await page.getByRole('dialog').getByText('stays until the end of the paid period').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the subscription' }).click();
    await page.getByText('Ends with the paid period').waitFor();

    await page.getByRole('link', { name: 'Change the plan or buy more' }).click();
    await page.getByText('To change the plan, continue it first').waitFor();
    expect(await page.getByRole('button', { name: 'Choose' }).count()).toBe(0);
    await page.getByRole('status').getByRole('link', { name: 'Subscription' }).click();
    await page.getByRole('button', { name: 'Continue the subscription' }).click();
    await page.getByRole('button', { name: 'Cancel the subscription' }).waitFor();
    expect(await subscriptionOf(owner)).toMatchObject({ state: 'active', tier: 'professional', nextTier: null });
  });

  it('that is overdue is told to its owner on every screen', async () => {
    const owner = await createAccount(platform, { tier: 'demo' });
    await owner.get('POST /api/subscription', { json: { action: 'trial', tier: 'basic' } });
    const page = await openPage('/settings', { as: owner });
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.getByText('An invoice is overdue').count()).toBe(0);
    await page.route('**/api/subscription', async (route) => {
      const response = await route.fetch();
      const body = await response.json();
      await route.fulfill({ response, json: { ...body, subscription: { ...body.subscription, state: 'past-due' } } });
    });
    for (const path of ['/', '/documents', '/settings']) {
      await page.goto(path);
      await page.getByText('An invoice is overdue').waitFor();
    }
    await page.getByRole('link', { name: 'To the invoice' }).click();
    await page.getByText('Payment overdue').waitFor();
  });
});

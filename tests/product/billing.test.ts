import { extractText } from 'unpdf';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Account, createAccount, type Session, send } from '../support/http/client.ts';
import { makeAdministrator } from '../support/people.ts';
import { pandect, pandectJson } from '../support/platform.ts';
import { sharedPlatform } from '../support/shared-platform.ts';

const platform = await sharedPlatform();

interface Invoice {
  id: string;
  number: string;
  total: number;
}

let account: Account;
let administrator: Account;

beforeAll(async () => {
  account = await createAccount(platform, { tier: 'demo' });
  administrator = await createAccount(platform, { tier: 'demo' });
  await makeAdministrator(platform, administrator);
});

describe('a platform that is paid for', () => {
  it('takes a transfer from the invoice to the plan', async () => {
    const { invoice } = await account.get<{ invoice: Invoice }>('POST /api/subscription', {
      json: { action: 'subscribe', tier: 'basic', buyer: { name: 'ООО «Ромашка»', inn: '7701234567' } },
    });

    const document = await account.send(`GET /api/invoices/${invoice.id}/pdf`);
    expect(document.status, await document.clone().text()).toBe(200);
    const { text } = await extractText(new Uint8Array(await document.arrayBuffer()), { mergePages: true });
    expect(text).toContain(`Счёт на оплату № ${invoice.number}`);
    expect(text).toContain('ООО «Ромашка», ИНН 7701234567');
    expect(text).toContain('Пять тысяч рублей 00 копеек');

    const { items } = await administrator.get<{ items: { id: string }[] }>(
      `GET /api/admin/payments?state=pending&invoice=${invoice.number}`,
    );
    await administrator.get(`POST /api/admin/payments/${items[0]?.id}/confirm`, {
      json: { amount: invoice.total, currency: 'RUB' },
    });
    expect(await account.get('GET /api/subscription')).toMatchObject({
      ...{ tier: 'basic', subscription: { state: 'active' }, openInvoices: [] },
    });
    expect((await account.send('GET /api/admin/payments')).status).toBe(404);
  });

  it('has books that agree', async () => {
    expect(await pandectJson(platform, 'billing', 'check')).toEqual({ status: 0, value: [] });
    expect((await pandect(platform, 'billing', 'check')).stdout).toContain('The books agree');
  });

  it('makes its first administrator on the command line, with a password that is good', async () => {
    const email = `first-${crypto.randomUUID()}@example.org`;
    const { value } = await pandectJson<{ password: string }>(platform, 'admin', 'create', email);
    const login = await send(platform.url, 'POST /api/auth/login', { json: { email, password: value.password } });
    const { accessToken } = (await login.json()) as Session;
    const response = await send(platform.url, `GET /api/admin/organizations?search=${encodeURIComponent(email)}`, {
      headers: { authorization: `Bearer ${accessToken}` },
    });
    expect(await response.json()).toMatchObject({ items: [{ name: 'Administration' }] });
  });
});

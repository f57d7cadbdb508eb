import { extractText } from 'unpdf';
import { afterAll, describe, expect, it } from 'vitest';
import { testOrganization } from '../../modules/testing/organization.ts';
import { testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import * as module from './app.ts';
import manifest from './function.ts';

const database = await testDatabase();
const environment = { SELLER_NAME: 'ООО «Пандект»' };
const app = await testApp(database, { name: 'billing', manifest, module }, { environment });
afterAll(async () => {
  await app.close();
  await database.close();
});

type Organization = Awaited<ReturnType<typeof testOrganization>>;
const organization = () => testOrganization(database, { tier: 'demo', name: 'ООО «Нотариус»' });
const topUp = (as: Organization['owner'], json: object) => app.json('POST /api/top-ups', { as, json });

describe('/api/invoices', () => {
  it('lists invoices, newest first, to owners and administrators of their organization alone', async () => {
    const [mine, theirs] = [await organization(), await organization()];
    for (let index = 0; index < 3; index++) await topUp(mine.owner, { questions: 100 });
    const first = await app.json('GET /api/invoices?limit=2', { as: await mine.addMember('admin') });
    expect(first.body.items).toHaveLength(2);
    const { body } = await app.json(`GET /api/invoices?limit=2&cursor=${first.body.nextCursor}`, { as: mine.owner });
    expect([body.items.length, body.nextCursor]).toEqual([1, null]);
    const numbers = [...first.body.items, ...body.items].map(({ number }: { number: string }) => number);
    expect(numbers).toEqual(numbers.toSorted().toReversed());
    const [{ id }] = body.items;
    expect((await app.json(`GET /api/invoices/${id}`, { as: mine.owner })).body.number).toBe(numbers[2]);
    for (const as of [theirs.owner, await mine.addMember('member'), await mine.addMember('viewer')]) {
      for (const path of [`/api/invoices/${id}`, `/api/invoices/${id}/pdf`] as const) {
        expect((await app.json(`GET ${path}`, { as })).status).toBe(404);
      }
    }
    expect((await app.json('GET /api/invoices', { as: theirs.owner })).body.items).toEqual([]);
  });

  it('hands out a Russian document, the same bytes each time', async () => {
    const mine = await organization();
    const buyer = { name: 'ООО «Ёлка и Ко»', inn: '7701234567', kpp: '770101001', address: 'г. Тверь, ул. Щукина, 5' };
    const { body } = await topUp(mine.owner, { questions: 2000, buyer });
    const download = () => app.request(`GET /api/invoices/${body.invoice.id}/pdf`, { as: mine.owner });
    const response = await download();
    expect(response.headers.get('content-type')).toBe('application/pdf');
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(new Uint8Array(await (await download()).arrayBuffer())).toEqual(bytes);
    const { text } = await extractText(bytes.slice(), { mergePages: true });
    const words = text.replaceAll(/\s+/g, ' ');
    for (const part of [
      `Счёт на оплату № ${body.invoice.number}`,
      'ООО «Пандект»',
      'ООО «Ёлка и Ко», ИНН 7701234567, КПП 770101001, г. Тверь, ул. Щукина, 5',
      'Дополнительные вопросы, пакет 2000 шт.',
      '22 000,00',
      'Двадцать две тысячи рублей 00 копеек',
    ]) {
      expect(words).toContain(part);
    }
  });
});

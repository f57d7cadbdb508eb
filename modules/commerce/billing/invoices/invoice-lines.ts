import type { InvoiceLine } from '../../../../db/schema/commerce/invoices.ts';
import { unitOf } from '../../../../db/units.ts';
import { bookkeepingDate } from '../calendar.ts';
import type { Plan } from '../plans.ts';
import type { TopUpPack } from '../top-up-packs.ts';

/** Lines as they stand on the document, which is Russian. */

const one = (text: string, price: number): InvoiceLine => ({ text, quantity: 1, price, amount: price });

/** `01.03.2026` */
export function documentDate(date: Date): string {
  const { year, month, day } = bookkeepingDate(date);
  return `${String(day).padStart(2, '0')}.${String(month).padStart(2, '0')}.${year}`;
}

/** @param start undefined when the month begins with the payment */
export const periodLine = ({ nameRu, price }: Plan, start: Date | undefined): InvoiceLine =>
  one(`Доступ к сервису, тариф «${nameRu}», 1 месяц с ${start ? documentDate(start) : 'даты оплаты'}`, price);

export const upgradeLine = ({ nameRu }: Plan, end: Date, amount: number): InvoiceLine =>
  one(`Переход на тариф «${nameRu}» с даты оплаты до ${documentDate(end)}`, amount);

/** The difference for a month that was paid at the price of the lower plan. */
export const nextMonthLine = ({ nameRu }: Plan, start: Date, amount: number): InvoiceLine =>
  one(`Доплата до тарифа «${nameRu}» за месяц с ${documentDate(start)}`, amount);

export function topUpLine({ unit, amount, price }: TopUpPack): InvoiceLine {
  const { ru, en } = unitOf(unit).words;
  const textEn = `${en.pack ?? en.name}, pack of ${amount}`;
  return { ...one(`${ru.pack ?? ru.name}, пакет ${amount} шт.`, price), textEn };
}

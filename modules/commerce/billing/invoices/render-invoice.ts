import PDFDocument from 'pdfkit';
import type { Buyer } from '../../../../db/schema/commerce/subscriptions.ts';
import { bookkeepingDate } from '../calendar.ts';
import { roublesOf } from '../kopecks.ts';
import { amountInWords, countedForm } from './amount-in-words.ts';
import type { Invoice } from './invoice.ts';
import { documentDate } from './invoice-lines.ts';
import type { Seller } from './seller.ts';

/** TrueType fonts with Cyrillic letters. */
export interface InvoiceFonts {
  regular: Buffer;
  bold: Buffer;
}

/** An invoice as a PDF. */
export type InvoiceRenderer = (invoice: Invoice) => Promise<Buffer>;

/** Points: A4 with margins. */
const [LEFT, RIGHT, TOP, BOTTOM] = [50, 545, 50, 770];
const WIDTH = RIGHT - LEFT;
const columns = [
  { title: '№', x: LEFT, width: 25, align: 'left' },
  { title: 'Наименование', x: 80, width: 235, align: 'left' },
  { title: 'Кол-во', x: 320, width: 50, align: 'right' },
  { title: 'Цена, руб.', x: 375, width: 80, align: 'right' },
  { title: 'Сумма, руб.', x: 460, width: 85, align: 'right' },
] as const;

const months = 'января февраля марта апреля мая июня июля августа сентября октября ноября декабря'.split(' ');
const blank = '—';
const stateNotes: Partial<Record<Invoice['state'], string>> = { paid: 'Счёт оплачен', void: 'Счёт аннулирован' };

/** The same invoice gives the same bytes: nothing in the document comes from the clock or from chance. */
export const createInvoiceRenderer =
  (seller: Seller, fonts: InvoiceFonts): InvoiceRenderer =>
  async (invoice) => {
    const { number, issuedAt } = invoice;
    const page = new PDFDocument({
      ...{ size: 'A4', margins: { left: LEFT, right: LEFT, top: TOP, bottom: 50 }, lang: 'ru-RU' },
      // A font at once, or the library looks for one of its own next to itself.
      font: fonts.regular as never,
      info: { Title: `Счёт № ${number}`, Author: seller.name, CreationDate: issuedAt, ModDate: issuedAt },
    });
    const bytes = Array.fromAsync(page as unknown as AsyncIterable<Buffer>);
    page.registerFont('regular', fonts.regular).registerFont('bold', fonts.bold);
    writeBank(page, seller);
    writeHead(page, invoice, seller);
    writeLines(page, invoice);
    writeTotal(page, invoice);
    page.end();
    return Buffer.concat(await bytes);
  };

function writeBank(page: PDFKit.PDFDocument, seller: Seller): void {
  const rows = [
    ['Получатель', `${seller.name}, ИНН ${seller.inn}, КПП ${seller.kpp}`],
    ['Банк получателя', seller.bank],
    ['БИК', seller.bic],
    ['Корр. счёт', seller.correspondentAccount],
    ['Расчётный счёт', seller.account],
  ] as const;
  page.font('regular').fontSize(9);
  for (const [name, value] of rows) pair(page, name, value);
}

/** `1 марта 2026 г.` */
function longDate(date: Date): string {
  const { year, month, day } = bookkeepingDate(date);
  return `${day} ${months[month - 1]} ${year} г.`;
}

function writeHead(page: PDFKit.PDFDocument, { number, issuedAt, dueAt, buyer, state }: Invoice, seller: Seller): void {
  page.moveDown(1).font('bold').fontSize(15);
  page.text(`Счёт на оплату № ${number} от ${longDate(issuedAt)}`, LEFT);
  const note = stateNotes[state];
  if (note) page.fontSize(11).text(note);
  page.moveDown(0.8).font('regular').fontSize(10);
  pair(page, 'Поставщик', party({ ...seller }));
  pair(page, 'Покупатель', party(buyer));
  pair(page, 'Оплатить до', documentDate(dueAt));
  page.moveDown(0.8);
}

const party = ({ name, inn, kpp, address }: Buyer) =>
  [name, inn && `ИНН ${inn}`, kpp && `КПП ${kpp}`, address].filter(Boolean).join(', ');

function pair(page: PDFKit.PDFDocument, name: string, value: string): void {
  const top = page.y;
  page.text(`${name}:`, LEFT, top, { width: 100 });
  page.text(value || blank, LEFT + 105, top, { width: WIDTH - 105 });
  page.moveDown(0.15);
}

function writeLines(page: PDFKit.PDFDocument, { lines }: Invoice): void {
  page.font('bold').fontSize(9);
  row(
    page,
    columns.map(({ title }) => title),
  );
  page.font('regular');
  lines.forEach(({ text, quantity, price, amount }, index) => {
    row(page, [String(index + 1), text, String(quantity), grouped(price), grouped(amount)]);
  });
}

function row(page: PDFKit.PDFDocument, cells: readonly string[]): void {
  const heights = columns.map(({ width }, index) => page.heightOfString(cells[index] ?? '', { width }));
  const height = Math.max(...heights);
  if (page.y + height > BOTTOM) page.addPage();
  const top = page.y + 3;
  columns.forEach(({ x, width, align }, index) => {
    page.text(cells[index] ?? '', x, top, { width, align });
  });
  page.y = top + height + 3;
  page.moveTo(LEFT, page.y).lineTo(RIGHT, page.y).lineWidth(0.5).stroke();
}

function writeTotal(page: PDFKit.PDFDocument, { lines, total }: Invoice): void {
  const end = (text: string) => page.text(text, LEFT, page.y, { width: WIDTH, align: 'right' });
  if (page.y + 120 > BOTTOM) page.addPage();
  page.moveDown(0.6).font('bold').fontSize(10);
  end(`Итого: ${grouped(total)} руб.`);
  page.font('regular');
  end('Без НДС');
  page.moveDown(0.6);
  const count = `${lines.length} ${countedForm(lines.length, ['наименование', 'наименования', 'наименований'])}`;
  page.text(`Всего ${count} на сумму ${grouped(total)} руб.`, LEFT, page.y, { width: WIDTH });
  page.font('bold').text(amountInWords(total)).font('regular');
  page.moveDown(2);
  page.text('Руководитель ____________________        Бухгалтер ____________________');
}

/** `12 345,67` */
const grouped = (kopecks: number) =>
  roublesOf(kopecks)
    .replace('.', ',')
    .replaceAll(/\B(?=(\d{3})+(?=,))/g, ' ');

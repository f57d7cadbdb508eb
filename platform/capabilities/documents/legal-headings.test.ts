import { describe, expect, it } from 'vitest';
import { clauseLevel, findHeadings } from './legal-headings.ts';

const labels = (text: string) =>
  findHeadings(text)
    .filter(({ level }) => level < clauseLevel)
    .map(({ label }) => label);
const units = (text: string) => findHeadings(text).map(({ start, end }) => text.slice(start, end));

describe('headings', () => {
  it.each([
    'Статья 8.1. Основания возникновения прав',
    'Статья 10',
    'ГЛАВА 4. ПРЕКРАЩЕНИЕ БРАКА',
    'Глава II — Сделки',
    'Раздел III',
    'РАЗДЕЛ I. ОБЩИЕ ПОЛОЖЕНИЯ',
    'Подраздел 2. Лица',
    'Часть первая',
    '§ 3. Поставка товаров',
    'Приложение № 2',
    'Article IV. Fees',
    'ARTICLE 12 — GOVERNING LAW',
    'Section 2.3 Audit',
    'Section 9: Notices',
    'SCHEDULE A. COUNTRIES',
    'Annex II Technical Measures',
    '5. Ответственность сторон',
    '1. Definitions.',
    'IV. Порядок расчётов',
  ])('are lines like "%s"', (line) => {
    expect(labels(`Before.\n\n${line}\n\nText below.`)).toEqual([line]);
  });

  it.each([
    'Статья 5 настоящего договора применяется к отношениям сторон.',
    'Section 2.1 of this Agreement applies',
    'Section 2.1, the Buyer shall pay',
    'статьи 40 и 42',
    'Главбух подписывает акт.',
    'Статья 5. Брачный договор.......... 17',
    'Глава 2. Сделки\t12',
    'ARTICLE IV  FEES . . . . . 9',
    '1. The Tenant shall pay the rent to the Landlord on the first day of each month without deduction or set-off.',
    'C. The Company sells products',
    'Particulars 5 May',
  ])('are not lines like "%s"', (line) => {
    expect(labels(`Before.\n\n${line}\n\nText below.`)).toEqual([]);
  });

  it('are not the wrapped lines of a sentence', () => {
    expect(labels('purchases that are paid according to\nSection 2.7. Prices are\ngiven below.')).toEqual([]);
    expect(labels('1. The Tenant shall pay\nthe rent.')).toEqual([]);
  });

  it('take in their name from the next line and their wrapped rest', () => {
    expect(findHeadings('ГЛАВА 2\nСДЕЛКИ\n\nТекст.')[0]).toEqual({
      start: 0,
      end: 14,
      level: 4,
      label: 'ГЛАВА 2 СДЕЛКИ',
    });
    expect(labels('Статья 19. Расторжение брака в органах записи\nактов гражданского состояния\n\nТекст.')).toEqual([
      'Статья 19. Расторжение брака в органах записи актов гражданского состояния',
    ]);
  });

  it('begin lines, also behind long ones', () => {
    expect(units(`1.1. ${'Clause '.repeat(60)}\nArticle 2`)).toHaveLength(2);
    expect(units(`${'x'.repeat(199)} Article 2. Name`)).toEqual([]);
  });

  it('lie deeper the smaller the unit', () => {
    const text =
      'Часть первая\n\nРаздел I\n\nПодраздел 1\n\nГлава 1\n\n§ 1\n\nСтатья 1\n\n1. Первый пункт текста, который длится.\n\n1.1. Под\n\n1.1.1. Ещё\n\n(а) Буква';
    const levels = findHeadings(text).map(({ level }) => level);
    expect(levels).toHaveLength(10);
    expect(levels).toEqual([...new Set(levels)].toSorted((a, b) => a - b));
  });

  it('of Markdown count by their marks', () => {
    expect(findHeadings('# Notice\n\n## Data\n').map(({ level, label }) => [level, label])).toEqual([
      [1, 'Notice'],
      [2, 'Data'],
    ]);
  });

  it('name the place of clauses without taking them for headings', () => {
    const text = '1.1. Предмет.\n1.2 Срок договора\n(a) first\n(ii) second\n12.5 percent';
    expect(labels(text)).toEqual([]);
    expect(units(text)).toEqual(['1.1. Предмет.', '1.2 Срок договора', '(a) first', '(ii) second', '12.5 percent']);
  });
});

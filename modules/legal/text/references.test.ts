import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codesIn } from './legal-codes.ts';
import {
  headingReference,
  isSameReference,
  type LegalReference,
  locateReferences,
  referencesIn,
} from './references.ts';

const short = (text: string) =>
  referencesIn(text).map(({ kind, number, code }) => [kind, number, ...(code ? [code] : [])].join(' '));

describe('references', () => {
  it.each([
    ['ст. 110 ТК РФ', ['article 110 ТК']],
    ['ст 81 тк рф', ['article 81 ТК']],
    ['п. 2 ст. 8.1', ['point 2', 'article 8.1']],
    [
      'Что говорит подп. «б» п. 2 ч. 3 ст. 19-1 КоАП РФ?',
      ['point б КоАП', 'point 2 КоАП', 'part 3 КоАП', 'article 19.1 КоАП'],
    ],
    ['часть вторая статьи 81 Трудового кодекса', ['part 2 ТК', 'article 81 ТК']],
    ['статьи 12, 13 и 15¹ Гражданского кодекса РФ', ['article 12 ГК', 'article 13 ГК', 'article 15.1 ГК']],
    ['статьи 40–42', ['article 40', 'article 41', 'article 42']],
    ['ст. 5 ГК РФ и ст. 7 УК РФ', ['article 5 ГК', 'article 7 УК']],
    ['Какой отпуск положен по Трудовому кодексу, смотрите статью 115?', ['article 115 ТК']],
    ['ст. 9 Федерального закона от 27.07.2006 № 152-ФЗ', ['article 9 152-ФЗ']],
    ['ст. 131 Гражданского процессуального кодекса', ['article 131 ГПК']],
    ['глава IV, § 5 раздела II', ['chapter 4', 'section 5', 'section 2']],
    ['п. 4.2 договора', ['point 4.2']],
    ['Section 12.3(a)', ['section 12.3', 'point a']],
    ['under Section 2.1(b)(ii) and Article IV', ['section 2.1', 'point b', 'point ii', 'article 4']],
    ['Sections 2.1, 2.3 and 5', ['section 2.1', 'section 2.3', 'section 5']],
    ['ARTICLE ONE; clause 7; paragraph 3', ['article 1', 'clause 7', 'clause 3']],
    [
      'ст. 15 прим. УК РФ, ст. 16 прим 2 и ст. 17 со значком 3',
      ['article 15.1 УК', 'article 16.2 УК', 'article 17.3 УК'],
    ],
    ['ст. 15^(1.1), пункт 2¹ статьи 30²', ['article 15.1.1', 'point 2.1', 'article 30.2']],
    ['в приложении № 3 и в приложениях 4, 5', ['annex 3', 'annex 4', 'annex 5']],
    ['Schedule 2, Exhibit B, Annex IV, Приложение А', ['annex 2', 'annex b', 'annex 4', 'annex а']],
    ['the payment schedule 30 days, ст. 15 примерного договора', ['article 15']],
    ['§ 5 and §§ 7-9', ['section 5', 'section 7', 'section 8', 'section 9']],
  ])('in "%s" are found in one form', (text, expected) => {
    expect(short(text)).toEqual(expected);
  });

  it.each([
    'Главбух увольняется, часть денег не выплатили за 5 дней',
    'the part I signed in 2019, points of sale',
    'Which section applies? Clauses are listed below. An article of clothing.',
    'статья, пункт и глава без номеров; частная компания 5 лет',
    'party 5 and counterpart 7',
  ])('are not seen in "%s"', (text) => {
    expect(short(text)).toEqual([]);
  });

  it('of this very document get no code of another one', () => {
    expect(short('ст. 5 настоящего договора и Трудовой кодекс')).toEqual(['article 5']);
  });

  it('do not take the figure behind a comma for a number when it counts days', () => {
    expect(short('по ст. 5, 10 дней отпуска')).toEqual(['article 5']);
  });

  it('stand where they are said to stand', () => {
    const text = 'Согласно п. 2 и 3 ст. 8 ТК РФ';
    expect(locateReferences(text).map(({ start, end }) => text.slice(start, end))).toEqual(['п. 2', ' и 3', 'ст. 8']);
  });

  it('are found in any text without an error, in order and within it', () => {
    const piece = fc.constantFrom(
      ...[
        'ст. ',
        'статьи ',
        '5',
        '12-3',
        '¹',
        ' и ',
        ', ',
        'ТК РФ',
        '№ 5-ФЗ',
        '§',
        'Section ',
        'IV',
        '(a)',
        '«б»',
        ' ',
        '\n',
      ],
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ unit: 'binary' }))), (parts) => {
        const text = parts.join('');
        let position = 0;
        for (const { reference, start, end } of locateReferences(text)) {
          expect(reference.number).toMatch(/^[\p{L}\d.]+$/u);
          expect(start).toBeGreaterThanOrEqual(position);
          expect(end).toBeLessThanOrEqual(text.length);
          position = start;
        }
      }),
    );
  });

  it('are found in long hostile texts', { timeout: 20_000 }, () => {
    for (const shape of ['ст. 5, ', '1-1-', 'п. п. ', '((a)', 'гражданского ', 'ст. 5 ТК ', '№ ', 'Sections 1 and ']) {
      expect(referencesIn(shape.repeat(200_000 / shape.length)).length).toBeGreaterThanOrEqual(0);
    }
  });
});

describe('the reference of a heading', () => {
  it.each<[string, LegalReference | undefined]>([
    ['Статья 8.1. Основания', { kind: 'article', number: '8.1' }],
    ['ARTICLE IV. FEES', { kind: 'article', number: '4' }],
    ['§ 3. Поставка', { kind: 'section', number: '3' }],
    ['12.3 Governing Law', { kind: 'clause', number: '12.3' }],
    ['4. Term', { kind: 'clause', number: '4' }],
    ['IV. Порядок расчётов', { kind: 'clause', number: '4' }],
    ['GOVERNING LAW', undefined],
    ['Права сторон по статье 5', undefined],
  ])('"%s"', (heading, expected) => {
    expect(headingReference(heading)).toEqual(expected);
  });

  it('is met by a question that calls the unit something else only if it does not say what it is', () => {
    const same = (asked: string, heading: string) =>
      isSameReference(referencesIn(asked)[0] as LegalReference, headingReference(heading) as LegalReference);
    expect(same('п. 4.2 договора', '4.2 Срок')).toBe(true);
    expect(same('Section 12.3', '12.3 Governing Law')).toBe(true);
    expect(same('Section 4', 'Article 4. Term')).toBe(false);
    expect(same('глава 4', '4. Срок')).toBe(false);
    expect(same('Section 12.3', '12.30 Notices')).toBe(false);
  });

  it('is not met by the same number of another code', () => {
    expect(
      isSameReference({ kind: 'article', number: '5', code: 'ТК' }, { kind: 'article', number: '5', code: 'СК' }),
    ).toBe(false);
    expect(isSameReference({ kind: 'article', number: '5', code: 'ТК' }, { kind: 'article', number: '5' })).toBe(true);
  });
});

describe('codes', () => {
  it.each([
    ['Семейный кодекс Российской Федерации', ['СК']],
    ['в Кодексе Российской Федерации об административных правонарушениях', ['КоАП']],
    ['Уголовно-процессуальный кодекс и Уголовный кодекс', ['УПК', 'УК']],
    ['Федеральный закон от 26 января 1996 г. № 14-ФЗ', ['14-ФЗ']],
    ['Конституции Российской Федерации', ['Конституция']],
  ])('named in "%s"', (text, expected) => {
    expect(codesIn(text).map(({ code }) => code)).toEqual(expected);
  });
});

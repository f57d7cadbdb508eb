import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeDocument } from './describe-document.ts';

const facts = (text: string, title?: string, fileName = 'a.txt') => describeDocument({ title, fileName, text });

describe('what a document says of itself', () => {
  it('is of a contract its kind, its parties and its day', () => {
    expect(
      facts(
        'EXHIBIT 10.1\n\nMASTER SUPPLY AGREEMENT\n\nThis Master Supply Agreement (the "Agreement") is dated as of March 12, 2024 by and between Blue Harbor Foods, Inc., a Delaware corporation ("Buyer"), and Marta Jensen, an individual ("Seller").\n\nWHEREAS, Buyer buys.',
      ),
    ).toEqual({
      description: 'Master Supply Agreement between Blue Harbor Foods, Inc. and Marta Jensen',
      type: 'contract',
      dated: '2024-03-12',
      parties: ['Blue Harbor Foods, Inc.', 'Marta Jensen'],
    });
    expect(
      facts(
        'ДОГОВОР АРЕНДЫ НЕЖИЛОГО ПОМЕЩЕНИЯ № 17\n\nг. Верхнереченск, 15 января 2024 года\n\nОбщество с ограниченной ответственностью «Ромашка», именуемое в дальнейшем «Арендодатель», и индивидуальный предприниматель Петров Пётр Петрович, именуемый в дальнейшем «Арендатор», заключили настоящий договор.',
      ),
    ).toEqual({
      description: 'ДОГОВОР АРЕНДЫ НЕЖИЛОГО ПОМЕЩЕНИЯ № 17 между ООО «Ромашка» и ИП Петров Пётр Петрович',
      type: 'contract',
      dated: '2024-01-15',
      parties: ['ООО «Ромашка»', 'ИП Петров Пётр Петрович'],
    });
  });

  it('is of a statute its code, and the article that is all of it', () => {
    expect(
      facts(
        'Лесной кодекс Российской Федерации\nГлава 2. Леса\n\nСтатья 8.1. Лесные участки\n\nТекст (в редакции от 4 мая 2018 года).',
      ),
    ).toEqual({
      description: 'Лесной кодекс Российской Федерации (ЛК РФ). Статья 8.1. Лесные участки. Глава 2. Леса',
      type: 'statute',
      parties: [],
    });
  });

  it('is else its title and first meaningful lines', () => {
    const text = '№ 17\n\nПОЛОЖЕНИЕ ОБ ОТПУСКАХ\n***\nУтверждено 01.02.2023\n1. Общие положения.';
    expect(facts(text, 'Положение об отпусках')).toEqual({
      description: 'Положение об отпусках. Утверждено 01.02.2023. 1. Общие положения',
      type: 'policy',
      dated: '2023-02-01',
      parties: [],
    });
    expect(facts('Things happen.', undefined, 'board_minutes.docx').description).toBe('board minutes. Things happen');
  });

  it('has a description that ends at a word within 150 characters', () => {
    const { description } = facts('The people agree to this and that. '.repeat(50));
    expect(description.length).toBeGreaterThan(110);
    expect(description).toMatch(/^(?:[A-Za-z.]+ )+[A-Za-z]+$/);
  });

  it('has all its parts whatever the document', () => {
    const piece = fc.constantFrom(
      ...[
        'between ',
        'and ',
        ' ("',
        'Acme Inc. ',
        'ООО «',
        '»',
        'AGREEMENT ',
        'This ',
        'Договор ',
        '12.12.2020',
        '\n',
        ', a ',
        'кодекс ',
      ],
    );
    const any = fc.string({ unit: 'binary', maxLength: 200 });
    const text = fc.array(fc.oneof(piece, any), { maxLength: 40 });
    fc.assert(
      fc.property(any, any, text, (title, fileName, parts) => {
        const found = describeDocument({ title: title || undefined, fileName, text: parts.join('').toWellFormed() });
        expect(found.description.length).toBeLessThanOrEqual(150);
        for (const party of found.parties) expect(party.length).toBeLessThanOrEqual(80);
        if (found.dated !== undefined) expect(found.dated).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      }),
    );
  });

  it('is found in long texts of any shape', { timeout: 20_000 }, () => {
    for (const shape of [
      'between ',
      'Acme, ',
      'This A ',
      'This Agreement ',
      'ООО ',
      'ДОГОВОР ',
      ' ',
      'и ',
      'А',
      'between A and ',
      '1.1.',
      '(',
      'the court ',
      'plaintiff ',
    ]) {
      expect(facts(shape.repeat(300_000 / shape.length)).description.length).toBeLessThanOrEqual(150);
    }
  });
});

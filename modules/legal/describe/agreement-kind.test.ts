import { describe, expect, it } from 'vitest';
import { agreementKind } from './agreement-kind.ts';

describe('the kind of a contract', () => {
  it.each([
    ['EXHIBIT 10.2 EXECUTION COPY SHARE PURCHASE AGREEMENT\n\nThe parties', 'SHARE PURCHASE AGREEMENT'],
    [
      'CONFIDENTIAL\n\nThis Sponsored Research and License Agreement (the "Agreement") is made',
      'Sponsored Research and License Agreement',
    ],
    ['FIRST AMENDMENT TO DISTRIBUTOR AGREEMENT\n\nThis amendment', 'FIRST AMENDMENT TO DISTRIBUTOR AGREEMENT'],
    ['OFFICE LEASE\n\nby Landlord', 'OFFICE LEASE'],
    ['г. Тверь\n\nДоговор поставки оборудования\n\nПоставщик', 'Договор поставки оборудования'],
    ['ДОГОВОР № 5\nаренды склада\n\nг. Тула', 'ДОГОВОР № 5 аренды склада'],
    ['Дополнительное соглашение № 2 к договору аренды\n\nСтороны', 'Дополнительное соглашение № 2 к договору аренды'],
  ])('of "%s" is "%s"', (text, kind) => {
    expect(agreementKind(text)).toBe(kind);
  });

  it('is unknown where nothing names it', () => {
    expect(agreementKind('This Agreement is made today.')).toBeUndefined();
    expect(agreementKind('Просто письмо.')).toBeUndefined();
  });
});

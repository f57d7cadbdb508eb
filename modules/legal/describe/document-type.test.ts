import { describe, expect, it } from 'vitest';
import { documentTypeOf } from './document-type.ts';

describe('the type of a document', () => {
  it.each([
    ['statute', 'Трудовой кодекс Российской Федерации\n\nСтатья 1'],
    ['statute', 'РОССИЙСКАЯ ФЕДЕРАЦИЯ\nФЕДЕРАЛЬНЫЙ ЗАКОН\nО персональных данных'],
    ['contract', 'ДОГОВОР АРЕНДЫ\n\nСтороны руководствуются Гражданским кодексом РФ.'],
    ['contract', 'CONFIDENTIAL UNDER THE SECURITIES ACT OF 1933. This Supply Agreement is made'],
    ['court', 'Арбитражный суд города Москвы\n\nРЕШЕНИЕ\nИменем Российской Федерации'],
    ['court', 'IN THE DISTRICT COURT OF UTAH\n\nJane Roe, Plaintiff, v. Acme Inc., Defendant'],
    ['policy', 'Положение о защите персональных данных работников'],
    ['policy', 'Anti-Bribery Policy\n\nWe pay no bribes.'],
    ['letter', 'Dear Ms. Lee,\n\nthank you.'],
    ['letter', 'From: a@example.com\nSubject: договор'],
    ['other', 'Shopping: milk, bread.'],
  ])('is %s for "%s"', (type, text) => {
    expect(documentTypeOf('file', text)).toBe(type);
  });
});

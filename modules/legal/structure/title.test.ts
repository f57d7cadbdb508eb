import { describe, expect, it } from 'vitest';
import { runInTitle, wholeLineTitle } from './title.ts';

describe('a run-in title', () => {
  it.each([
    ['Governing Law. This Agreement shall be governed by the laws of Utah.', 'Governing Law'],
    ['Term: The term begins today.', 'Term'],
    ['Confidentiality; Non-Competition. (a) Each Seller shall', 'Confidentiality; Non-Competition'],
    ['Payment Terms – Invoices are due', 'Payment Terms'],
    ['INSURANCE   A.  The Contractor shall', 'INSURANCE'],
    ['RIGHTS GRANTED Licensor grants to Rogers', 'RIGHTS GRANTED'],
    ['TERM. THE FOLLOWING APPLIES', 'TERM'],
    ['Engineering Changes 11.1 Customer may', 'Engineering Changes'],
    ['Sufficiency     To the knowledge of', 'Sufficiency'],
    ['Agreements with Acme Inc. and Others. The parties', 'Agreements with Acme Inc. and Others'],
    ['Срок аренды. Договор заключён на год.', 'Срок аренды'],
    ['ПРЕДМЕТ ДОГОВОРА Арендодатель передаёт', 'ПРЕДМЕТ ДОГОВОРА'],
  ])('of "%s" is "%s"', (text, title) => {
    expect(runInTitle(text)?.text).toBe(title);
  });

  it.each([
    'The Tenant shall pay the rent on the first day of each month.',
    'CONSULTANT shall not compete.',
    'Арендатор обязан вносить плату в срок, указанный в настоящем договоре. Плата',
    '"Affiliate" means any company. It',
    'Term unless otherwise provided. The',
    '',
    '12345',
  ])('is not seen in "%s"', (text) => {
    expect(runInTitle(text)).toBeUndefined();
  });

  it('ends behind its stop', () => {
    const text = 'Governing Law.  This Agreement';
    expect(text.slice(runInTitle(text)?.length)).toBe('  This Agreement');
  });
});

describe('a line', () => {
  it('is a title when it is short and no sentence', () => {
    for (const line of ['Предмет договора', 'Definitions.', 'LIMITATION OF LIABILITY'])
      expect(wholeLineTitle(line)).toBe(true);
    for (const line of [
      'Payment is due within ten days.',
      'one;',
      'Арендатор обязан своевременно:',
      'x'.repeat(91),
      '',
    ]) {
      expect(wholeLineTitle(line)).toBe(false);
    }
  });
});

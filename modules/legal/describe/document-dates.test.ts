import { describe, expect, it } from 'vitest';
import { dateOf } from './document-dates.ts';

describe('a day', () => {
  it('of a document is the one that it says to be its own', () => {
    expect(dateOf('Filed March 1, 2020. This Lease is entered into as of April 2, 2021 for May 3, 2022.')).toBe(
      '2021-04-02',
    );
    expect(dateOf('Договор № 5\nг. Казань, 3 июня 2020 г.')).toBe('2020-06-03');
    expect(dateOf('Статья 5 (в редакции Федерального закона от 30.06.2006 № 90-ФЗ)')).toBeUndefined();
    expect(dateOf('')).toBeUndefined();
  });
});

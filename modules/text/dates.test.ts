import { describe, expect, it } from 'vitest';
import { datesIn } from './dates.ts';

describe('a day', () => {
  it.each([
    ['от 12 марта 2024 г.', '2024-03-12'],
    ['«05» мая 2019 года', '2019-05-05'],
    ['г. Москва 01.02.2023', '2023-02-01'],
    ['dated as of March 12, 2024', '2024-03-12'],
    ['this 1st day of May, 2019', '2019-05-01'],
    ['on the 14t h day of April, 2015', '2015-04-14'],
    ['Sept. 7 2001', '2001-09-07'],
    ['3 December 2018', '2018-12-03'],
    ['as of 9/28/2004', '2004-09-28'],
    ['2020-02-29', '2020-02-29'],
  ])('is read in "%s"', (text, date) => {
    expect(datesIn(text).map((one) => one.date)).toEqual([date]);
  });

  it.each(['32 марта 2024', '31.02.2023', '1.2.3.2024', 'May 2019', '13/13/2020', 'no. 2020-99-99', 'March 5'])(
    'is none in "%s"',
    (text) => {
      expect(datesIn(text)).toEqual([]);
    },
  );
});

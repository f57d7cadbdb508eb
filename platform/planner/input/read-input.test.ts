import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readInput } from './read-input.ts';

const mistake = (given: unknown): string => {
  try {
    readInput(given);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('It was accepted');
};

describe('readInput', () => {
  it('fills in what is not given', () => {
    expect(readInput({})).toMatchObject({
      users: 0,
      busiestHourShare: 0.12,
      questions: { seconds: 8, waitShare: 0.05 },
    });
  });

  it.each([
    [{ users: -1 }, 'users must be a whole number from 0 to 1000000000, not -1'],
    [{ users: Number.NaN }, 'users must be a whole number from 0 to 1000000000, not NaN'],
    [{ users: Number.POSITIVE_INFINITY }, 'users must be a whole number from 0 to 1000000000, not Infinity'],
    [{ users: 1e300 }, 'users must be a whole number from 0 to 1000000000, not 1e+300'],
    [{ users: '100' }, 'users must be a whole number from 0 to 1000000000, not "100"'],
    [{ users: null }, 'users must be a whole number from 0 to 1000000000, not null'],
    [{ users: [1] }, 'users must be a whole number from 0 to 1000000000, not a list'],
    [{ questions: { cacheShare: 30 } }, 'questions.cacheShare must be a number from 0 to 1, not 30'],
    [{ images: { seconds: 0 } }, 'images.seconds must be a number from 0.01 to 86400, not 0'],
    [{ images: { slots: 1.5 } }, 'images.slots must be a whole number from 1 to 100000, not 1.5'],
    [{ host: { cores: 0, memoryGb: 3 } }, 'host.cores must be a number from 0.1 to 10000, not 0'],
    [{ host: { memoryGb: 3 } }, 'host.cores must be a number from 0.1 to 10000, and is missing'],
    [{ questons: {} }, 'unknown figure "questons"; did you mean "questions"?'],
    [{ questions: { perhour: 5 } }, 'unknown figure "questions.perhour"; did you mean "perHour"?'],
    [
      { processes: [{ name: 'api', memoryMegabytes: 9, pol: 1 }] },
      'unknown figure "processes.0.pol"; did you mean "pool"?',
    ],
    [{ processes: {} }, 'processes must be a list'],
    [{ questions: 5 }, 'questions must be an object'],
    [
      { redis: { maxmemoryMegabytes: 1, policy: 'lru' } },
      /^Read plan: redis\.policy must be one of noeviction, .*, not "lru"$/,
    ],
    [[], 'the plan must be an object'],
    ['', 'the plan must be an object'],
  ])('refuses %j', (given, expected) => {
    if (typeof expected === 'string') expect(mistake(given)).toBe(`Read plan: ${expected}`);
    else expect(mistake(given)).toMatch(expected);
  });

  it('tells all mistakes at once, under the names of the options', () => {
    const given = { users: -1, questions: { perHour: Number.NaN } };
    const nameOf = (path: string) => ({ users: '--users', 'questions.perHour': '--questions-per-hour' })[path];
    expect(() => readInput(given, nameOf)).toThrow(
      'Read plan: --users must be a whole number from 0 to 1000000000, not -1; --questions-per-hour must be a number from 0 to 10000000, not NaN',
    );
  });

  it('has a sentence for whatever JSON it is given', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (given) => {
        try {
          readInput(given);
        } catch (error) {
          expect((error as Error).message).toMatch(/^Read plan: [a-z]/);
        }
      }),
    );
  });
});

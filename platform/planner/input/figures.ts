import { z } from 'zod';

/** Figures of a plan. All have bounds, so that no product of them is beyond what a number holds. */

/** Less than this is none: what is divided by it would be beyond what a number holds. */
const LEAST = 1e-6;

/** A number between two bounds; what is not one, such as NaN, is refused with what it should be. */
export const figure = (least: number, most: number) =>
  z
    .custom<number>((value) => isBetween(value, least, most), {
      error: ({ input }) => `must be a number from ${least} to ${most}, ${isNot(input)}`,
    })
    .transform((value) => (value < LEAST ? 0 : value));

/** The same without a fraction. */
export const count = (least: number, most: number) =>
  z.custom<number>((value) => Number.isInteger(value) && isBetween(value, least, most), {
    error: ({ input }) => `must be a whole number from ${least} to ${most}, ${isNot(input)}`,
  });

export const share = () => figure(0, 1);

/** A word that is printed. */
export const word = () =>
  z.custom<string>((value) => typeof value === 'string' && /^[\p{L}\p{N}\p{Sc}][^\p{Cc}]{0,39}$/u.test(value), {
    error: ({ input }) => `must be a text of 1 to 40 characters that begins with a letter or a digit, ${isNot(input)}`,
  });

export const choice = <const T extends string>(...words: T[]) =>
  z.enum(words, { error: ({ input }) => `must be one of ${words.join(', ')}, ${isNot(input)}` });

const isBetween = (value: unknown, least: number, most: number): boolean =>
  typeof value === 'number' && value >= least && value <= most;

function isNot(input: unknown): string {
  if (input === undefined) return 'and is missing';
  if (typeof input === 'string') return `not "${input.slice(0, 40)}"`;
  if (input === null || typeof input !== 'object') return `not ${String(input)}`;
  return Array.isArray(input) ? 'not a list' : 'not an object';
}

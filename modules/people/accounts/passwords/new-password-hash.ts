import { Problem } from '../../../../platform/kernel/problem.ts';
import { commonPassword } from '../../problems.ts';
import { hashPassword } from './password.ts';

let common: Promise<Set<string>> | undefined;

/** Loaded with the first new password: 50,000 words that a start can do without. */
async function commonPasswords(): Promise<Set<string>> {
  const loaded = await import('@zxcvbn-ts/language-common');
  // A CommonJS package: bundled, it has its exports in this one alone.
  const { dictionary } = (loaded as unknown as { default: typeof loaded }).default;
  return new Set((dictionary['passwords-common'] as string[]).map((word) => word.toLowerCase()));
}

const RUSSIAN = 'йцукенгшщзхъфывапролджэячсмитьбю';
const SAME_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.";
/** What the keys of a Russian layout give in the English one: `йцукен` is as common as `qwerty`. */
const onEnglishKeys = (word: string) =>
  [...word].map((letter) => SAME_KEYS[RUSSIAN.indexOf(letter)] ?? letter).join('');

/** The hash of a password that somebody chooses. @throws Problem common-password */
export async function hashNewPassword(password: string): Promise<string> {
  common ??= commonPasswords();
  const word = password.normalize('NFKC').trim().toLowerCase();
  const words = await common;
  if (word === '' || words.has(word) || words.has(onEnglishKeys(word))) throw new Problem(commonPassword);
  return hashPassword(password);
}

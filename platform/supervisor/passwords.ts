import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type LoginName, loginNames } from '../../db/logins.ts';
import { replaceFile } from '../kernel/replace-file.ts';

/** The passwords of the database logins, made at first start and readable by the supervisor only. */
export async function loginPasswords(path: string): Promise<Record<LoginName, string>> {
  const known: Partial<Record<LoginName, string>> = await readFile(path, 'utf8').then(
    (text) => JSON.parse(text),
    () => ({}),
  );
  const passwords = Object.fromEntries(
    loginNames.map((login) => [login, known[login] ?? randomBytes(24).toString('base64url')]),
  ) as Record<LoginName, string>;
  if (loginNames.some((login) => !known[login])) {
    await replaceFile(path, JSON.stringify(passwords));
  }
  return passwords;
}

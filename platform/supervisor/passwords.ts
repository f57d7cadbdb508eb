import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { type LoginName, loginNames } from '../../db/logins.ts';

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
    await writeFile(`${path}.next`, JSON.stringify(passwords), { mode: 0o600 });
    await rename(`${path}.next`, path);
  }
  return passwords;
}

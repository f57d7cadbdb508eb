import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { databaseName, type LoginName, loginNames, loginRole } from '../../db/logins.ts';

/**
 * The passwords of the logins, from a folder with a file for each: the connection string that its processes are given, as a Secret of a
 * cluster is mounted. Line ends at the end do not count.
 * @param owner connection string of the database that they are for
 * @throws Error with a line for each file that is missing or says something else; passwords are never shown
 */
export async function readLogins(folder: string, owner: string): Promise<Record<LoginName, string>> {
  const mistakes: string[] = [];
  const passwords: Partial<Record<LoginName, string>> = {};
  for (const login of loginNames) {
    const text = await readFile(join(folder, login), 'utf8').catch(() => undefined);
    const found =
      text === undefined ? 'missing: must hold the connection string of this login' : read(text, login, owner);
    if (typeof found === 'string') mistakes.push(`Read logins: "${join(folder, login)}": ${found}`);
    else passwords[login] = found.password;
  }
  if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
  return passwords as Record<LoginName, string>;
}

function read(text: string, login: LoginName, owner: string): { password: string } | string {
  const written = text.trim();
  if (!/^postgres(ql)?:\/\//.test(written) || !URL.canParse(written))
    return 'must be a URL with postgres: or postgresql:';
  const { username, password } = new URL(written);
  const database = databaseName(owner);
  const role = loginRole(database, login);
  if (databaseName(written) !== database) return `must name the database "${database}"`;
  if (decodeURIComponent(username) !== role) return `must name the user "${role}"`;
  if (password === '') return 'must have a password';
  return { password: decodeURIComponent(password) };
}

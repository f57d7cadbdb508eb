import { randomBytes } from 'node:crypto';
import { replaceFile } from '../kernel/replace-file.ts';
import { readIfExists } from './processes.ts';

type Passwords<Name extends string> = Record<Name, string>;

/**
 * The passwords of a server's logins. Each login has two names on its server, which take turns: a rotation gives the one that
 * rests a new password, and the other is valid until no process uses it any more.
 */
export interface Credentials<Name extends string> {
  /** Rotations so far; says whose turn it is. */
  rotation: number;
  passwords: Passwords<Name>;
  /** Those of the rotation before, while they are still valid. */
  previous?: Passwords<Name>;
}

/** Reads them from the file that the supervisor alone reads; passwords that are missing are made, 192 random bits each. */
export async function readCredentials<Name extends string>(
  path: string,
  names: readonly Name[],
): Promise<Credentials<Name>> {
  const { rotation = 0, previous, ...known } = JSON.parse((await readIfExists(path)) ?? '{}');
  const missing = names.filter((name) => !known[name]);
  const credentials = { rotation, passwords: { ...known, ...newPasswords(missing) }, ...(previous && { previous }) };
  if (missing.length > 0) await writeCredentials(path, credentials);
  return credentials;
}

/** The next ones, with those of now as the previous. */
export const nextCredentials = <Name extends string>({
  rotation,
  passwords,
}: Credentials<Name>): Credentials<Name> => ({
  rotation: rotation + 1,
  passwords: newPasswords(Object.keys(passwords) as Name[]),
  previous: passwords,
});

export const writeCredentials = <Name extends string>(
  path: string,
  { passwords, rotation, previous }: Credentials<Name>,
): Promise<void> =>
  replaceFile(path, JSON.stringify({ ...passwords, ...(rotation > 0 && { rotation }), previous }), { flush: true });

const newPasswords = <Name extends string>(names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, randomBytes(24).toString('base64url')])) as Passwords<Name>;

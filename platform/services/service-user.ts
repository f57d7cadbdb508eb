import { chown, readFile } from 'node:fs/promises';

/** The unprivileged system user that everything runs as when the platform is started as root. */
export interface ServiceUser {
  name: string;
  uid: number;
  gid: number;
}

const NAME = 'pandect';

export function findUser(passwd: string, name: string): ServiceUser | undefined {
  for (const line of passwd.split('\n')) {
    const [user, , uid, gid] = line.split(':');
    if (user === name) return { name, uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
}

/**
 * Undefined when not started as root: everything then runs as the user who started it.
 * @throws when started as root and the system user is missing
 */
export async function serviceUser(): Promise<ServiceUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const user = findUser(await readFile('/etc/passwd', 'utf8'), NAME);
  if (user) return user;
  throw new Error(
    `Find system user "${NAME}": missing; run ./scripts/setup, or useradd --system --no-create-home ${NAME}`,
  );
}

/** Gives a file or folder to the service user; nothing to do without one. */
export async function giveTo(user: Pick<ServiceUser, 'uid' | 'gid'> | undefined, path: string): Promise<void> {
  if (user) await chown(path, user.uid, user.gid);
}

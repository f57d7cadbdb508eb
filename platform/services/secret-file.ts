import { randomBytes } from 'node:crypto';
import { link, rm, writeFile } from 'node:fs/promises';
import { readIfExists } from './processes.ts';

const PASSWORD_BYTES = 24;

/**
 * The password or key kept in a file of mode 600 that only the supervisor can read; made at first, of random bytes in letters that need no
 * escaping in a URL.
 */
export async function secretFile(path: string, bytes = PASSWORD_BYTES): Promise<string> {
  const existing = await readIfExists(path);
  if (existing) return existing;
  const fresh = `${path}.${process.pid}`;
  await writeFile(fresh, randomBytes(bytes).toString('base64url'), { mode: 0o600 });
  try {
    // Unlike a rename this leaves the file of somebody who was faster, and a crash leaves no half-written one.
    await link(fresh, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(fresh, { force: true });
  }
  return secretFile(path, bytes);
}

import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A key like those that the platform makes at its first start. @returns its path */
export async function newSecretKey(folder: string): Promise<string> {
  const path = join(folder, 'secrets.key');
  await writeFile(path, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
  return path;
}

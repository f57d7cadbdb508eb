import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A password that was there before may hold any character. */
const inUrl = (password: string | undefined): string => encodeURIComponent(password ?? '');
const random = (): string => randomBytes(24).toString('hex');

/** Each file, from the ones before it. */
const contents: Record<string, (known: Record<string, string>) => string> = {
  postgres_password: random,
  database_url: ({ postgres_password: password }) => `postgres://pandect:${inUrl(password)}@postgres:5432/pandect`,
  redis_password: random,
  redis_url: ({ redis_password: password }) => `redis://:${inUrl(password)}@redis:6379`,
  qdrant_api_key: random,
  metrics_token: random,
  grafana_password: random,
};

/**
 * Makes the files of secrets that a Compose file names and that are missing. The folder is its owner's alone; users inside the
 * containers, which are others, have to read the files themselves.
 * @returns names of those that were made
 */
export async function makeComposeSecrets(folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  await mkdir(join(folder, 'own'), { recursive: true, mode: 0o755 });
  const known: Record<string, string> = {};
  const made: string[] = [];
  for (const [name, create] of Object.entries(contents)) {
    const path = join(folder, name);
    const there = await readFile(path, 'utf8').catch(() => undefined);
    known[name] = there?.trimEnd() ?? create(known);
    if (there !== undefined) continue;
    await writeFile(path, `${known[name]}\n`, { mode: 0o644, flag: 'wx' });
    // Whatever the umask is.
    await chmod(path, 0o644);
    made.push(name);
  }
  return made;
}

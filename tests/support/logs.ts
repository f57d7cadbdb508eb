import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlatformAccess } from './platform.ts';

/** All that the processes of a platform have written, by file. */
export async function readLogs({ home }: PlatformAccess): Promise<Map<string, string>> {
  const folder = join(home, 'logs');
  const names = await readdir(folder);
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)),
  );
}

/** Lines of all logs that hold a text, each with its file. */
export async function linesWith(platform: PlatformAccess, text: string): Promise<string[]> {
  const logs = await readLogs(platform);
  return [...logs].flatMap(([name, content]) =>
    content.split('\n').flatMap((line) => (line.includes(text) ? [`${name}: ${line}`] : [])),
  );
}

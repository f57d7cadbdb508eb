import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { checkout, type PlatformAccess } from '../platform.ts';
import type { Page } from './read-page.ts';

export interface Reader {
  platform: PlatformAccess;
  /** What this machine has in place of what the page names, such as the address of a server. */
  replaced?: Readonly<Record<string, string>>;
  /** Variables that the page takes for granted. */
  environment?: Readonly<Record<string, string>>;
}

/**
 * Writes the files of a page into a folder of its own and runs its scripts there, one after the other in one shell, as a reader would.
 * @returns what they printed @throws with all of it when a command fails
 */
export async function followPage(
  { files, scripts }: Page,
  { platform, replaced = {}, environment = {} }: Reader,
): Promise<string> {
  const here = (text: string) =>
    Object.entries({ 'http://localhost:8080': platform.url, ...replaced }).reduce(
      (changed, [from, to]) => changed.replaceAll(from, to),
      text,
    );
  const folder = await mkdtemp(join(tmpdir(), 'pandect-page-'));
  try {
    for (const { path, content } of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), here(content));
    }
    await symlink(join(checkout, 'node_modules'), join(folder, 'node_modules'));
    await mkdir(join(folder, 'scripts'));
    const command = `#!/usr/bin/env bash\nexec node ${join(platform.root, 'pandect.ts')} "$@"\n`;
    await writeFile(join(folder, 'scripts/pandect'), command, { mode: 0o755 });
    return await runShell(`set -euo pipefail\n${scripts.map(here).join('\n')}`, folder, {
      PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
      HOME: process.env.HOME,
      PANDECT_HOME: platform.home,
      ...environment,
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function runShell(script: string, cwd: string, env: Record<string, string | undefined>): Promise<string> {
  const child = spawn('bash', ['-c', script], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [status]] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    once(child, 'close'),
  ]);
  if (status !== 0) throw new Error(`Follow page: status ${status}\n${stdout}\n${stderr}`);
  return stdout;
}

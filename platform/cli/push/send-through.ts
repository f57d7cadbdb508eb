import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * Gives an archive to a `pandect` that a command reaches, and shows what that says.
 * @param command of the shell, such as `ssh host docker exec -i pandect node pandect.ts`
 * @returns its exit status
 */
export async function sendThrough(command: string, archive: Readable, flags: readonly string[]): Promise<number> {
  const child = spawn('sh', ['-c', `${command} push --from-stdin ${flags.join(' ')}`], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const ended = once(child, 'close') as Promise<[number | null]>;
  // A command that refuses does not read to the end; its own words tell why.
  await pipeline(archive, child.stdin).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
  const [status] = await ended;
  return status ?? 1;
}

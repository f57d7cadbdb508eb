import { watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Editors write a file in several steps, and several files at once. */
const QUIET_MS = 100;

/**
 * The files that change below these folders, in batches as soon as nothing more changes. What changes while a batch is
 * worked on comes with the next.
 * @param folders relative to the root, as are the files
 */
export async function* watchFiles(
  root: string,
  folders: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<string[]> {
  const changed = new Set<string>();
  let wake = Promise.withResolvers<void>();
  let failure: Error | undefined;
  const fail = (error: NodeJS.ErrnoException) => {
    const hint = error.code === 'ENOSPC' ? '; raise fs.inotify.max_user_watches, see pandect doctor' : '';
    failure = new Error(`Watch files: ${error.message}${hint}`, { cause: error });
    wake.resolve();
  };
  for (const folder of folders) {
    watch(join(root, folder), { recursive: true, signal }, (_, name) => {
      if (name) changed.add(`${folder}/${name}`);
      wake.resolve();
    }).on('error', fail);
  }
  signal.addEventListener('abort', () => wake.resolve(), { once: true });
  while (!signal.aborted) {
    await wake.promise;
    if (failure) throw failure;
    for (let size = -1; size !== changed.size; await sleep(QUIET_MS)) size = changed.size;
    const batch = [...changed];
    changed.clear();
    wake = Promise.withResolvers<void>();
    if (batch.length > 0 && !signal.aborted) yield batch;
  }
}

import { mkdir, open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { giveAll } from '../../services/carry-over.ts';
import type { Home } from '../../services/home.ts';
import { listPieces } from '../log/cut-pieces.ts';
import type { StoredChapter } from '../log/list-log.ts';
import { SEGMENT_BYTES } from '../log/position.ts';
import type { Repository } from '../repository/restic.ts';
import { backupFolder } from '../state.ts';

/**
 * Puts the log that follows a backup next to that which is in it, where the server looks for it: pieces go over what the copy of the
 * database brought along, so that a file of it that ends later keeps its end.
 * @throws when a piece is missing
 */
export async function placeLog(
  repository: Repository,
  { home, chapters, progress }: { home: Home; chapters: readonly StoredChapter[]; progress: (line: string) => void },
): Promise<void> {
  const draft = join(backupFolder(home), 'restored-log');
  const data = join(home.postgres, 'data');
  const folder = join(data, 'pg_wal');
  let at = chapters[0]?.from ?? 0;
  for (const [index, chapter] of chapters.entries()) {
    progress(`Fetching log ${index + 1} of ${chapters.length}`);
    await mkdir(draft, { recursive: true, mode: 0o700 });
    await repository.restore(chapter.snapshot, draft);
    for (const { path, segment, start, offset, bytes } of await listPieces(draft)) {
      // The rest of a file that was closed early is zeros.
      const isNext = start + offset === at || (offset === 0 && start > at && start - at < SEGMENT_BYTES);
      if (!isNext) throw new Error(`Restore log: a piece before "${segment}" is missing in chapter ${chapter.number}`);
      await writeAt(join(folder, segment), offset, await readFile(path));
      at = start + offset + bytes;
    }
    if (at !== chapter.to) throw new Error(`Restore log: chapter ${chapter.number} ends too early`);
    await rm(draft, { recursive: true, force: true });
  }
  if (home.user) await giveAll(data, home.user.uid, home.user.gid);
}

async function writeAt(path: string, offset: number, bytes: Buffer): Promise<void> {
  await (await open(path, 'a', 0o600)).close();
  await truncate(path, SEGMENT_BYTES);
  const file = await open(path, 'r+');
  try {
    await file.write(bytes, 0, bytes.length, offset);
  } finally {
    await file.close();
  }
}

/** Makes the server go on with the log that is placed, and become one of its own at its end. */
export async function requestRecovery(home: Home): Promise<void> {
  const path = join(home.postgres, 'data', 'recovery.signal');
  await writeFile(path, '', { mode: 0o600 });
  if (home.user) await giveAll(path, home.user.uid, home.user.gid);
}

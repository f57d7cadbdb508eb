import type { FoundFile } from './queue.ts';

/** Files that the system makes by itself and no one means to upload. */
const systemFiles = /^(?:\.DS_Store|Thumbs\.db|desktop\.ini|\._.*|~\$.*)$/i;
/** In one choice: a drive that was dropped by mistake has more. */
const MOST_FILES = 20_000;

/** The files of a choice or a paste; those chosen as a folder have their path. */
export const filesOf = (files: Iterable<File>): FoundFile[] =>
  [...files]
    .map((file) => ({ file, path: file.webkitRelativePath || file.name }))
    .filter(({ file }) => !systemFiles.test(file.name))
    .slice(0, MOST_FILES);

/** The files that were dropped, with those in folders. Call it within the event: what was dropped is gone afterwards. */
export async function droppedFiles(data: DataTransfer): Promise<FoundFile[]> {
  const entries = [...data.items].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  if (entries.length === 0) return filesOf(data.files);
  const found: FoundFile[] = [];
  for (const entry of entries)
    for await (const file of filesIn(entry)) if (found.push(file) >= MOST_FILES) return found;
  return found;
}

async function* filesIn(entry: FileSystemEntry): AsyncGenerator<FoundFile> {
  if (entry.isFile) {
    if (systemFiles.test(entry.name)) return;
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    yield { file, path: entry.fullPath.replace(/^\//, '') };
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A reader gives some hundred at a time, and none at the end.
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) return;
    for (const each of entries) yield* filesIn(each);
  }
}

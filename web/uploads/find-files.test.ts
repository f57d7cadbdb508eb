import { expect, it } from 'vitest';
import { droppedFiles, filesOf } from './find-files.ts';

const file = (path: string) =>
  ({
    isFile: true,
    name: path.split('/').at(-1),
    fullPath: `/${path}`,
    file: (resolve: (file: File) => void) => resolve(new File(['x'], path)),
  }) as unknown as FileSystemEntry;

/** Gives its entries two at a time, as browsers do a hundred. */
const folder = (name: string, entries: FileSystemEntry[]) =>
  ({
    isFile: false,
    name,
    createReader() {
      let at = 0;
      return {
        readEntries(resolve: (entries: FileSystemEntry[]) => void) {
          resolve(entries.slice(at, at + 2));
          at += 2;
        },
      };
    },
  }) as unknown as FileSystemEntry;

const dropped = (...entries: FileSystemEntry[]) =>
  ({ items: entries.map((entry) => ({ webkitGetAsEntry: () => entry })), files: [] }) as unknown as DataTransfer;

it('finds all files of folders in folders, with their paths', async () => {
  const found = await droppedFiles(
    dropped(
      file('note.txt'),
      folder('a', [file('a/1.pdf'), file('a/2.pdf'), file('a/.DS_Store'), folder('b', [file('a/b/3.pdf')])]),
    ),
  );
  expect(found.map(({ path }) => path)).toEqual(['note.txt', 'a/1.pdf', 'a/2.pdf', 'a/b/3.pdf']);
});

it('takes files of a choice without those of the system', () => {
  const files = ['lease.docx', '~$lease.docx', 'Thumbs.db'].map((name) => new File(['x'], name));
  expect(filesOf(files).map(({ path }) => path)).toEqual(['lease.docx']);
});

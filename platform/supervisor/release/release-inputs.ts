import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openOnce } from '../../kernel/calls/open-once.ts';
import type { Release } from './release.ts';

/**
 * What a release was built from, so that a start can tell without building that nothing changed. A deploy always
 * builds: only it can see that a new file has come to stand before an old one.
 */
type Inputs = Record<string, string>;

const inputsPath = (folder: string) => join(folder, 'inputs.json');

/** @param files paths relative to the checkout */
export async function saveInputs(folder: string, root: string, files: readonly string[]): Promise<void> {
  const entries = await Promise.all(files.map(async (file) => [file, await mark(join(root, file))] as const));
  await writeFile(inputsPath(folder), JSON.stringify(Object.fromEntries(entries)));
}

/** Marks of the files that a release was built from. @throws where there is no such release */
export const readInputs = async ({ folder }: Pick<Release, 'folder'>): Promise<Inputs> =>
  JSON.parse(await readFile(inputsPath(folder), 'utf8'));

/**
 * What files of a checkout are marked with at this moment, by their paths. Units share most of their files: where several are looked
 * at together, each file is looked at once.
 */
export type Marks = Map<string, Promise<string>>;

/** Whether a build of the same checkout would give this very release. @param marks what was found out a moment ago */
export async function isUpToDate(
  release: Pick<Release, 'folder'>,
  root: string,
  marks: Marks = new Map(),
): Promise<boolean> {
  try {
    const inputs = await readInputs(release);
    const found = await Promise.all(
      Object.keys(inputs).map((file) => openOnce(marks, file, () => mark(join(root, file)))),
    );
    return Object.values(inputs).every((saved, index) => saved === found[index]);
  } catch {
    return false; // whatever is missing is built again
  }
}

async function mark(path: string): Promise<string> {
  const { size, mtimeMs } = await stat(path);
  // A source that is pushed keeps the times of what it did not change, as exactly as they can be set.
  return `${size} ${Math.round(mtimeMs)}`;
}

/*
 * Counts the source files and lines of each storey, without tests, fixtures and migrations, and writes them into the table of
 * docs/architecture.md: `node scripts/storeys.ts`.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const page = join(root, 'docs/architecture.md');

/** Each storey, and the rooms of those that have several. */
async function folders(): Promise<string[]> {
  const rooms = async (storey: string) => {
    const entries = await readdir(join(root, storey), { withFileTypes: true });
    const names = entries.filter((entry) => entry.isDirectory() && entry.name !== 'testing').map(({ name }) => name);
    return [storey, ...names.toSorted().map((name) => `${storey}/${name}`)];
  };
  return ['web', 'client', 'functions', 'workers', ...(await rooms('modules')), ...(await rooms('platform')), 'db'];
}

const isSource = /^(?!.*(?:node_modules|dist|codegen)\/).*\.(tsx?|sql)$/;
const isOther = /\.(test|fixture)\.tsx?$|(^|\/)(fixtures|testing|migrations)\/|(^|\/)(conformance|describe-)[^/]*\.ts$/;

export interface Storey {
  folder: string;
  files: number;
  lines: number;
}

export const countStoreys = async (): Promise<Storey[]> =>
  Promise.all(
    (await folders()).map(async (folder) => {
      const entries = await readdir(join(root, folder), { recursive: true });
      const sources = entries.filter((path) => isSource.test(path) && !isOther.test(path));
      const texts = await Promise.all(sources.map((path) => readFile(join(root, folder, path), 'utf8')));
      const lines = texts.reduce((sum, text) => sum + text.split('\n').length - 1, 0);
      return { folder, files: sources.length, lines };
    }),
  );

const row = /^\| (?:– )?`([\w/]+)` \| (\d+) \| (\d+) \|$/gm;

/** What the page says. */
export const readStoreys = async (): Promise<Storey[]> =>
  Array.from((await readFile(page, 'utf8')).matchAll(row), ([, folder = '', files, lines]) => ({
    ...{ folder, files: Number(files), lines: Number(lines) },
  }));

if (import.meta.main) {
  const rows = (await countStoreys()).map(
    ({ folder, files, lines }) => `| ${folder.includes('/') ? '– ' : ''}\`${folder}\` | ${files} | ${lines} |`,
  );
  const text = await readFile(page, 'utf8');
  const table = /(^\| storey \| files \| lines \|\n\| --- \| --- \| --- \|\n)(?:^\|.*\|\n)+/m;
  await writeFile(
    page,
    text.replace(table, (_, head: string) => `${head}${rows.join('\n')}\n`),
  );
}

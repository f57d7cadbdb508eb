import { posix } from 'node:path';
import type { SiteManifest } from '../../kernel/manifest.ts';

/** A file of a site as the build wrote it. */
export interface SiteFile {
  /** From the site's root, with `/`. */
  path: string;
  contents: Buffer;
  /** Compressed at gzip's highest level. */
  gzipBytes: number;
}

/**
 * What a build exceeds, a line each that names file, size and limit. What a page loads first is read from the page itself and from the
 * imports of its scripts, so that it does not depend on what a bundler says of itself.
 * @throws when a page names a file of the site that is not there
 */
export function exceededBudgets(
  files: readonly SiteFile[],
  { entries, budgets }: Pick<SiteManifest, 'entries' | 'budgets'>,
): string[] {
  const known = new Map(files.map((file) => [file.path, file]));
  const pages = entries.map((entry) => ({ entry, ...firstLoad(entry, (path) => known.get(path)?.contents) }));
  const first = new Set(pages.flatMap(({ scripts }) => scripts));
  const later = files.filter(({ path }) => isScript(path) && !first.has(path));
  return [
    ...pages.flatMap(({ entry, scripts, styles }) => [
      ...together(`${entry}: scripts of the first load`, scripts, known, budgets.firstScripts),
      ...together(`${entry}: style sheets`, styles, known, budgets.firstStyles),
    ]),
    ...later.flatMap(({ path, gzipBytes }) => {
      const own = budgets.scripts.find((each) => new RegExp(each.files).test(path));
      return beyond(path, gzipBytes, own?.bytes ?? budgets.laterScript);
    }),
  ];
}

/**
 * Scripts, with what they import, and style sheets that a page asks for before anything is shown.
 * @param read gives a file of the site, by its path @throws for a file that is not there
 */
export function firstLoad(
  entry: string,
  read: (path: string) => Buffer | undefined,
): { scripts: string[]; styles: string[] } {
  const textOf = (path: string, from: string): string => {
    const contents = read(path);
    if (contents) return contents.toString('utf8');
    throw new Error(path === from ? `entry "${path}": the build did not write it` : `"${from}": "${path}" is missing`);
  };
  const page = textOf(entry, entry);
  const tags = [...page.matchAll(/<(script|link)\b([^>]*)>/g)].map(([, tag, text = '']) => {
    const attributes = new Map([...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
    const address = attributes.get(tag === 'script' ? 'src' : 'href') ?? '';
    return { kind: tag === 'script' ? 'script' : (attributes.get('rel') ?? ''), address };
  });
  const of = (...kinds: string[]) =>
    tags.flatMap(({ kind, address }) => {
      const path = kinds.includes(kind) ? pathOf(address, entry) : undefined;
      return path === undefined ? [] : [path];
    });
  const scripts = new Set<string>();
  const visit = (path: string, from: string) => {
    if (scripts.has(path)) return;
    scripts.add(path);
    for (const [, address = ''] of textOf(path, from).matchAll(STATIC_IMPORT)) {
      const imported = pathOf(address, path);
      if (imported !== undefined) visit(imported, path);
    }
  };
  for (const path of of('script', 'modulepreload')) visit(path, entry);
  const styles = [...new Set(of('stylesheet'))];
  for (const path of styles) textOf(path, entry);
  return { scripts: [...scripts], styles };
}

/** `import"./a.js"`, `import{a}from"/assets/a.js"`, `export*from"./a.js"`; never `import("./a.js")`. */
const STATIC_IMPORT = /(?:\bfrom|\bimport)\s*"([./][^"]+\.m?js)"/g;

const isScript = (path: string) => /\.m?js$/.test(path);

/** Undefined for what is no file of the site, as `data:`. */
function pathOf(address: string, from: string): string | undefined {
  if (address === '' || /^[a-z]+:|^\/\//i.test(address)) return undefined;
  const path = address.split(/[?#]/)[0] as string;
  return path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(from), path);
}

function together(
  what: string,
  paths: readonly string[],
  files: ReadonlyMap<string, SiteFile>,
  limit: number | undefined,
): string[] {
  const sizes = paths.map((path) => ({ path, bytes: files.get(path)?.gzipBytes ?? 0 }));
  const sum = sizes.reduce((total, { bytes }) => total + bytes, 0);
  const largest = sizes.toSorted((a, b) => b.bytes - a.bytes).slice(0, 5);
  return beyond(what, sum, limit).map(
    (line) => `${line}: ${largest.map(({ path, bytes }) => `${path} ${kilobytes(bytes)}`).join(', ')}`,
  );
}

const beyond = (what: string, bytes: number, limit: number | undefined): string[] =>
  limit === undefined || bytes <= limit ? [] : [`${what}: ${kilobytes(bytes)} gzip, over ${kilobytes(limit)}`];

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} KB`;

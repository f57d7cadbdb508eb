import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { defineSite } from '../kernel/manifest.ts';

/** What the pages of a test site are made of. */
export interface SiteContent {
  /** Shown by the page; it is in a script whose name changes with it. */
  text: string;
  /** Bytes of noise in the script that is loaded later; noise does not compress. */
  laterBytes?: number;
  /** The build ends with this status, after a line on standard error. */
  fails?: number;
}

/** A build in a few lines: a page, a script that it loads at once, one that it loads later, and a style sheet. */
const build = `
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
const out = process.env.PANDECT_SITE_OUT;
const { text, laterBytes = 0, fails } = JSON.parse(readFileSync('web/content.json', 'utf8'));
if (fails) {
  console.error('web/main.js:1: cannot be built');
  process.exit(fails);
}
mkdirSync(out + '/assets');
const asset = (name, ending, contents) => {
  const hash = createHash('sha256').update(contents).digest('base64url').slice(0, 8);
  const path = 'assets/' + name + '-' + hash + ending;
  writeFileSync(out + '/' + path, contents);
  return '/' + path;
};
const noise = createHash('shake256', { outputLength: laterBytes + 1 }).update(text).digest('base64');
const later = asset('later', '.js', 'export const later = ' + JSON.stringify('later ' + text + noise) + ';');
const words = asset('words', '.js', 'export const words = ' + JSON.stringify(text) + ';');
const main = asset('main', '.js', 'import{words}from"' + words + '";document.title=words;import("' + later + '");' + '//'.padEnd(2000, 'x'));
const style = asset('style', '.css', 'main { color: teal } '.repeat(50));
writeFileSync(out + '/robots.txt', 'User-agent: *');
writeFileSync(out + '/index.html', '<!doctype html><meta charset="utf-8"><meta name="base" content="/"><meta name="release" content="">'
  + '<title>loading</title><link rel="stylesheet" href="' + style + '"><script type="module" src="' + main + '"></script><main>' + ' '.repeat(400) + '</main>\\n');
`;

/** As it stands in a checkout; `web/site.ts` of a copy is written from it. */
export const testSiteManifest: z.input<typeof import('../kernel/manifest.ts').siteSchema> = {
  mount: '/',
  entries: ['index.html'],
  build: ['node', 'web/build.mjs'],
  budgets: { firstScripts: 20_000, firstStyles: 5_000, laterScript: 40_000 },
};

/** Writes the folder `web` of a checkout: what its build reads, and the build itself. */
export async function writeTestSite(root: string, content: SiteContent): Promise<void> {
  const folder = join(root, 'web');
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o755);
  await writeFile(join(folder, 'build.mjs'), build);
  await writeFile(join(folder, 'content.json'), JSON.stringify(content));
}

/** The site that `writeTestSite` has written, without reading its manifest from there. */
export const testSite = (root: string, changes: Partial<typeof testSiteManifest> = {}) => ({
  name: 'web',
  folder: join(root, 'web'),
  manifest: defineSite({ ...testSiteManifest, ...changes }),
});

import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { exceededBudgets, type SiteFile } from './budgets.ts';

const file = (path: string, text: string): SiteFile => {
  const contents = Buffer.from(text);
  return { path, contents, gzipBytes: gzipSync(contents, { level: 9 }).length };
};
const noise = (bytes: number) => `/*${randomBytes(bytes).toString('latin1').replaceAll('*', '.')}*/`;
const page = (...tags: string[]) => file('index.html', `<!doctype html>${tags.join('')}<div id="app"></div>`);
const entry = '<script type="module" crossorigin src="/assets/main-AAAAAAAA.js"></script>';
const exceeded = (files: SiteFile[], budgets: Partial<Parameters<typeof exceededBudgets>[1]['budgets']>) =>
  exceededBudgets(files, { entries: ['index.html'], budgets: { scripts: [], ...budgets } });

describe('exceededBudgets', () => {
  it('counts what a page loads first: its script, what that imports, and what it preloads', () => {
    const files = [
      page(entry, '<link rel="modulepreload" href="/assets/preloaded-AAAAAAAA.js">'),
      file(
        'assets/main-AAAAAAAA.js',
        `import{a}from"./shared-AAAAAAAA.js";import("./later-AAAAAAAA.js");${noise(1000)}`,
      ),
      file('assets/shared-AAAAAAAA.js', `export*from"/assets/deep-AAAAAAAA.js";${noise(1000)}`),
      file('assets/deep-AAAAAAAA.js', noise(1000)),
      file('assets/preloaded-AAAAAAAA.js', noise(1000)),
      file('assets/later-AAAAAAAA.js', noise(3000)),
    ];
    expect(exceeded(files, { firstScripts: 6_000, laterScript: 6_000 })).toEqual([]);
    expect(exceeded(files, { firstScripts: 4_000, laterScript: 6_000 })).toEqual([
      expect.stringMatching(
        /^index.html: scripts of the first load: \d\.\d KB gzip, over 4.0 KB: assets\/(main|shared)-AAAAAAAA.js \d/,
      ),
    ]);
  });

  it('names a later script that is too large, with its own limit in place of the common one', () => {
    const files = [
      page(),
      file('assets/pdf.worker-AAAAAAAA.mjs', noise(5000)),
      file('assets/a-AAAAAAAA.js', noise(5000)),
    ];
    const scripts = [{ files: '^assets/pdf\\.worker-', bytes: 9_000 }];
    expect(exceeded(files, { laterScript: 1_000, scripts })).toEqual([
      expect.stringMatching(/^assets\/a-AAAAAAAA.js: \d\.\d KB gzip, over 1.0 KB$/),
    ]);
    expect(exceeded(files, { scripts: [{ files: 'worker', bytes: 1_000 }] })).toEqual([
      expect.stringContaining('assets/pdf.worker-AAAAAAAA.mjs'),
    ]);
  });

  it('counts the style sheets of a page', () => {
    const files = [
      page('<link rel="stylesheet" href="./assets/s-AAAAAAAA.css">'),
      file('assets/s-AAAAAAAA.css', noise(2000)),
    ];
    expect(exceeded(files, { firstStyles: 1_000 })).toEqual([expect.stringContaining('index.html: style sheets: ')]);
  });

  it('refuses a page that is not there, and one that names what is not', () => {
    expect(() => exceeded([], {})).toThrow('entry "index.html": the build did not write it');
    expect(() => exceeded([page(entry)], {})).toThrow('"index.html": "assets/main-AAAAAAAA.js" is missing');
    const lost = [page(entry), file('assets/main-AAAAAAAA.js', 'import"./lost-AAAAAAAA.js"')];
    expect(() => exceeded(lost, {})).toThrow('"assets/main-AAAAAAAA.js": "assets/lost-AAAAAAAA.js" is missing');
    expect(exceeded([page('<link rel="icon" href="data:,">', '<script src="data:,"></script>')], {})).toEqual([]);
  });
});

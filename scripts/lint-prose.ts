import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Refuses words that make English hard to read, in sources and documents. Add a word when a new habit shows. */

const words = [
  'whoever',
  // Also the name of a user and of a mailbox.
  "nobody(?![@'])",
  'meanwhile',
  'anew',
  'beside',
  'is away',
  'to be had',
  'came to',
  'told from',
  'goes on',
];
const expression = new RegExp(`\\b(?:${words.join('|')})\\b`, 'gi');
const checked = /\.(ts|mjs|md|sh|sql)$|^\.env\.example$|^(Caddyfile|Dockerfile)$/;
/** Migrations never change, the changelog is history, and the rest are word lists and texts that are data. */
const exempt = [
  /^db\/migrations\//,
  /^CHANGELOG\.md$/,
  /^scripts\/(samples\/|lint-prose)/,
  /^eval\/sample\//,
  /^modules\/(legal\/)?(text|question)\/(asking-words|stop-words|thesaurus-\w+)\.ts$/,
  /^modules\/legal\/answers\/prompt\.ts$/,
];

/** Each hit as `<path>:<line>: "<word>"`, in order. */
export const findHits = (path: string, text: string): string[] =>
  text
    .split('\n')
    .flatMap((line, index) => [...line.matchAll(expression)].map(([word]) => `${path}:${index + 1}: "${word}"`));

/** Whether the lint reads a tracked file. */
export const isChecked = (path: string): boolean => checked.test(path) && !exempt.some((form) => form.test(path));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' });
  const hits = tracked
    .split('\n')
    .filter(isChecked)
    .flatMap((path) => findHits(path, readFileSync(path, 'utf8')));
  for (const hit of hits)
    console.error(`Check English: ${hit}: see "English" in CONTRIBUTING.md for what to write instead`);
  process.exitCode = hits.length > 0 ? 1 : 0;
}

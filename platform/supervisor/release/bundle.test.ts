import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readUnit, type Unit } from '../unit.ts';
import { type Bundle, createBundler } from './bundle.ts';

const checkout = join(import.meta.dirname, '../../..');
const root = await mkdtemp(join(tmpdir(), 'pandect-test-bundle-'));
afterAll(() => rm(root, { recursive: true }));
for (const name of ['platform', 'modules', 'db', 'node_modules']) await symlink(join(checkout, name), join(root, name));

/** A function that answers with a word of a file next to it. */
async function writeGreeting(name: string, word: string): Promise<Unit> {
  const folder = join(root, 'functions', name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'word.ts'), `export const word = '${word}';\n`);
  await writeFile(
    join(folder, 'app.ts'),
    `import { word } from './word.ts';\nexport default () => new Response(word);\n`,
  );
  await writeFile(
    join(folder, 'function.ts'),
    `import { defineFunction } from '../../platform/kernel/manifest.ts';\nexport default defineFunction({ mount: ['/${name}'] });\n`,
  );
  return (await readUnit(root, name)) as Unit;
}
const textOf = async (bundle: Bundle, unit: Unit) =>
  (await bundle(unit, root)).files.map(({ path, text }) => `${path}\n${text}`).join('\n');

it('gives each unit what a bundler of its own gives it, and sees what has changed since', async () => {
  const bundle = createBundler();
  const [one, two] = [await writeGreeting('one', 'good morning'), await writeGreeting('two', 'good evening')];
  const first = await textOf(bundle, one);
  expect(await textOf(bundle, two)).toBe(await textOf(createBundler(), two));
  expect(first).toContain('good morning');
  expect(await textOf(bundle, one)).toBe(first);
  await writeGreeting('one', 'good night');
  expect(await textOf(bundle, one)).toBe(first.replace('good morning', 'good night'));
});

it('names the place of a mistake, and builds again once it is gone', async () => {
  const bundle = createBundler();
  const unit = await writeGreeting('three', 'hello');
  const sound = await textOf(bundle, unit);
  await writeFile(join(root, 'functions/three/word.ts'), 'this is no program\n');
  await expect(bundle(unit, root)).rejects.toThrow('functions/three/word.ts:1');
  await writeGreeting('three', 'hello');
  expect(await textOf(bundle, unit)).toBe(sound);
});

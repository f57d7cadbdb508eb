import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { readUnit, type Unit } from '../unit.ts';
import { buildRelease } from './build.ts';
import { createBundler } from './bundle.ts';
import { listReleases, releaseOrigin } from './releases.ts';
import { createSourcePlaces } from './source-places.ts';

const checkout = join(import.meta.dirname, '../../..');
const root = await mkdtemp(join(tmpdir(), 'pandect-test-places-'));
afterAll(() => rm(root, { recursive: true }));
for (const name of ['platform', 'modules', 'db', 'node_modules']) await symlink(join(checkout, name), join(root, name));
const releases = join(root, '.pandect/releases');
const bundle = createBundler();

/** A function whose app throws in its last line, behind so many lines of comment. */
async function build(comments: number) {
  const folder = join(root, 'functions/fragile');
  await mkdir(folder, { recursive: true });
  const app = `${'// a line that no bundle holds\n'.repeat(comments)}export default () => {\n  throw new Error('no price');\n};\n`;
  await writeFile(join(folder, 'app.ts'), app);
  await writeFile(
    join(folder, 'function.ts'),
    "import { defineFunction } from '../../platform/kernel/manifest.ts';\nexport default defineFunction({ mount: ['/fragile'] });\n",
  );
  return buildRelease((await readUnit(root, 'fragile')) as Unit, { root, releases }, bundle);
}

/** Where the bundle throws, as a stack names it. */
async function placeIn(folder: string): Promise<string> {
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.js'))) {
    const lines = (await readFile(join(folder, name), 'utf8')).split('\n');
    const line = lines.findIndex((text) => text.includes('no price'));
    if (line === -1) continue;
    const column = (lines[line] as string).slice(0, lines[line]?.indexOf('no price')).lastIndexOf('new Error');
    return `${pathToFileURL(join(folder, name))}:${line + 1}:${column + 1}`;
  }
  throw new Error('Find place: no bundle throws');
}

describe('places in a release', () => {
  it('are named by file and line of the sources, in a stack as in the JSON of a log', async () => {
    const { folder } = await build(3);
    const place = await placeIn(folder);
    const inSources = createSourcePlaces(releases);
    expect(await inSources(`Error: no price\n    at app (${place})\n    at node:internal/process:1:2`)).toBe(
      'Error: no price\n    at app (functions/fragile/app.ts:5:9)\n    at node:internal/process:1:2',
    );
    const line = JSON.stringify({ level: 'error', error: { stack: `    at app (${place})\n    at ${place}` } });
    expect(JSON.parse(await inSources(line)).error.stack).toBe(
      '    at app (functions/fragile/app.ts:5:9)\n    at functions/fragile/app.ts:5:9',
    );
  });

  it('follow the sources when the same release is built from other lines', async () => {
    const [before, after] = [await build(3), await build(10)];
    expect(after.id).toBe(before.id);
    expect(await createSourcePlaces(releases)(await placeIn(after.folder))).toBe('functions/fragile/app.ts:12:9');
  });

  it('stay as they are where there is no map, and outside of the releases', async () => {
    const inSources = createSourcePlaces(releases);
    const { folder } = await build(3);
    const place = await placeIn(folder);
    for (const one of [
      `${releases}/fragile/0123456789ab/main.js:1:1`,
      `${releases}/../elsewhere/main.js:1:1`,
      '/etc/main.js:1:1',
      'main.js:1:1',
    ]) {
      expect(await inSources(`at ${one}`)).toBe(`at ${one}`);
    }
    expect(await createSourcePlaces(join(root, 'other'))(place)).toBe(place);
  });

  it('cost the process nothing: no bundle names its map, and the size of a release counts it', async () => {
    // One that is built again keeps the size it had, and the times in its inputs differ in length.
    await rm(releases, { recursive: true });
    const { folder } = await build(3);
    const names = await readdir(folder);
    const bytes = await Promise.all(names.map(async (name) => (await readFile(join(folder, name))).length));
    expect(names).toContain('main.js.map');
    for (const name of names.filter((file) => file.endsWith('.js'))) {
      expect(await readFile(join(folder, name), 'utf8')).not.toContain('sourceMappingURL=');
    }
    const [release] = await listReleases(releases, 'fragile');
    const counted = (await releaseOrigin(release as never)).bytes ?? 0;
    const origin = bytes[names.indexOf('origin.json')] ?? 0;
    // The file that tells the size is written last.
    expect(counted).toBe(bytes.reduce((sum, one) => sum + one, 0) - origin);
  });
});

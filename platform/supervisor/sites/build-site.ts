import { existsSync } from 'node:fs';
import { chown, mkdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { ProcessUser } from '../../services/process-user.ts';
import { mayEnter, reachable } from '../../services/reachable.ts';
import { digest, folderSize } from '../release/build.ts';
import type { Release } from '../release/release.ts';
import { saveInputs } from '../release/release-inputs.ts';
import { listReleases, releaseAt, saveOrigin } from '../release/releases.ts';
import { sourceRevision } from '../source/source-revision.ts';
import { exceededBudgets, type SiteFile } from './budgets.ts';
import { compressedForms, gzipForm } from './compress.ts';
import { readOutput } from './read-output.ts';
import { BuildFailure, runBuild } from './run-build.ts';
import type { Site } from './site.ts';
import { siteInputs } from './site-inputs.ts';

export interface SiteBuildOptions {
  /** The checkout. */
  root: string;
  /** Where releases are kept. */
  releases: string;
  /** A folder that the build alone uses. */
  work: string;
  /** The Node that the build is run by. */
  node: string;
  /** Whom it runs as; undefined for who asked. */
  user: ProcessUser | undefined;
}

/** What the edge serves of a release, from its folder. */
export const publicFolder = ({ folder }: Pick<Release, 'folder'>): string => join(folder, 'public');

/** Names below it hold a hash of the content: browsers never ask again, and releases share one pool. */
export const ASSETS = 'assets/';
const HASHED = /[.-][\w-]{8,}\.\w+$/;

/**
 * Builds a site; the same content gives the release that is already there.
 * @throws BuildFailure when the build fails, leaves out a file, or exceeds its budgets
 */
export async function buildSite(site: Site, options: SiteBuildOptions): Promise<Release> {
  const { name, manifest } = site;
  const { root, releases } = options;
  const revision = await sourceRevision(root);
  const inputs = await siteInputs(site, root);
  try {
    const files = await measured(await runInOwnFolder(site, options));
    const mistakes = [...unhashed(files), ...exceededBudgets(files, manifest)];
    if (mistakes.length > 0) throw new Error(mistakes.join('; '));
    const id = digest([
      ...files.map(({ path, contents }) => `${path}\0${digest([contents.toString('base64')])}`),
      JSON.stringify(manifest),
    ]);
    const release = releaseAt(releases, name, id);
    if (existsSync(release.folder)) {
      await saveInputs(release.folder, root, inputs);
      return release;
    }
    const draft = join(releases, name, `.draft-${process.pid}-${id}`);
    await rm(draft, { recursive: true, force: true });
    await writeFiles(join(draft, 'public'), named(files, site, id));
    await writeFile(join(draft, 'manifest.json'), JSON.stringify(manifest));
    await saveInputs(draft, root, inputs);
    await saveOrigin({ folder: draft }, { ...(revision && { revision }), bytes: await folderSize(draft) });
    await stampPages(releases, site, draft);
    await rename(draft, release.folder);
    return release;
  } catch (error) {
    throw new BuildFailure(`Build site "${name}": ${(error as Error).message}`, (error as BuildFailure).log ?? '');
  }
}

/** Runs the build in a folder that is its user's alone, and reads what it wrote. */
async function runInOwnFolder({ manifest }: Site, { root, work, node, user }: SiteBuildOptions) {
  const output = join(work, 'output');
  const isReached = !user || (await reachable(root, { uid: -1, gid: -1 }));
  if (user && !mayEnter(await stat(root), user)) {
    throw new Error(`checkout "${root}": other users may not enter it; chmod o+rx "${root}"`);
  }
  // Next to the folder that is removed as a whole: nothing may follow it into the checkout.
  const place = isReached ? undefined : `${work}-checkout`;
  if (place) await mkdir(place, { recursive: true });
  await rm(work, { recursive: true, force: true });
  await mkdir(output, { recursive: true, mode: 0o700 });
  if (user) for (const folder of [work, output]) await chown(folder, user.uid, user.gid);
  try {
    await runBuild({ command: manifest.build, node, root, place, work, output, user });
    return await readOutput(output);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const measured = (files: Awaited<ReturnType<typeof readOutput>>): Promise<SiteFile[]> =>
  Promise.all(files.map(async (file) => ({ ...file, gzipBytes: (await gzipForm(file.contents)).length })));

const unhashed = (files: readonly SiteFile[]): string[] =>
  files
    .filter(({ path }) => path.startsWith(ASSETS) && !HASHED.test(basename(path)))
    .map(({ path }) => `"${path}": its name must hold a hash of its content`);

/** Pages say which release they are, so that a script can tell when another one is served. */
const named = (files: readonly SiteFile[], { manifest }: Site, id: string) =>
  files.map(({ path, contents }) => ({
    path,
    contents: manifest.entries.includes(path)
      ? Buffer.from(
          contents.toString('utf8').replace('<meta name="release" content=""', `<meta name="release" content="${id}"`),
        )
      : contents,
  }));

/** With the compressed forms next to each file. The slowest come first, as many at once as there are cores. */
async function writeFiles(folder: string, files: readonly { path: string; contents: Buffer }[]): Promise<void> {
  const waiting = files.toSorted((a, b) => b.contents.length - a.contents.length);
  const work = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      const path = join(folder, file.path);
      await mkdir(dirname(path), { recursive: true, mode: 0o755 });
      await writeFile(path, file.contents, { mode: 0o644 });
      for (const form of await compressedForms(file.path, file.contents, await gzipForm(file.contents))) {
        await writeFile(`${path}${form.ending}`, form.contents, { mode: 0o644 });
      }
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}

/**
 * Gives pages a time that no other kept release has. The edge makes its `ETag` of a file's time in seconds and its size, and pages that
 * differ only in hashes are of the same size: a browser would take an old one for current.
 */
async function stampPages(releases: string, { name, manifest }: Site, draft: string): Promise<void> {
  const entry = manifest.entries[0] as string;
  const others = await Promise.all(
    (await listReleases(releases, name)).map(
      async (release) => (await stat(join(publicFolder(release), entry)).catch(() => undefined))?.mtimeMs ?? 0,
    ),
  );
  const seconds = Math.floor(Math.max(Date.now(), ...others.map((other) => other + 1000)) / 1000);
  for (const page of await readOutput(join(draft, 'public'))) {
    if (!page.path.startsWith(ASSETS)) await utimes(join(draft, 'public', page.path), seconds, seconds);
  }
}

import { existsSync } from 'node:fs';
import {
  chmod,
  copyFile,
  link,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { SiteManifest } from '../../kernel/manifest.ts';
import { replaceFile } from '../../kernel/replace-file.ts';
import type { Release } from '../release/release.ts';
import { pointLink } from '../traffic/point-link.ts';
import { ASSETS, publicFolder } from './build-site.ts';
import { notBuiltPage } from './not-built-page.ts';
import { NOT_BUILT, sitePaths } from './site-paths.ts';

/** Gives the edge what it serves, and takes it away. A page is there only after everything that it loads. */
export interface Published {
  /** The release whose pages are served; undefined while there is none. */
  current(): Promise<string | undefined>;
  previews(): Promise<string[]>;
  /** Makes a release reachable, and no one is led to it yet. @throws when a name in the pool stands for other content */
  add(release: Release): Promise<void>;
  /** One `rename`: a request gets the old page or the new one. */
  switchTo(release: Release): Promise<void>;
  /** Says at every address that nothing is built, and what to do. */
  showNotBuilt(command: string): Promise<void>;
  addPreview(release: Release, manifest: SiteManifest, base: string): Promise<void>;
  removePreview(release: string): Promise<void>;
  /** Removes what belongs to none of these releases. */
  keepOnly(releases: readonly Release[]): Promise<void>;
}

const BASE = /<meta name="base" content="\/"\s*\/?>/;

export function createPublished(run: string, site: string): Published {
  const paths = sitePaths(run, site);
  const names = (folder: string) => readdir(folder).catch(() => [] as string[]);
  const addAssets = async (release: Release) => {
    for (const path of await filesOf(release)) {
      if (path.startsWith(ASSETS)) await share(join(publicFolder(release), path), join(paths.folder, path));
    }
  };

  return {
    async current() {
      const target = await readlink(paths.current).catch(() => undefined);
      return target === undefined || basename(target) === NOT_BUILT ? undefined : basename(target);
    },
    previews: async () => (await names(paths.previews)).filter((name) => !name.startsWith('.')),
    async add(release) {
      await makeFolders(paths.assets, paths.allPages);
      await addAssets(release);
      // They are there as a whole or not at all, and may be those that are served.
      if (existsSync(paths.pages(release.id))) return;
      await replaceFolder(paths.pages(release.id), async (draft) => {
        for (const path of await filesOf(release)) {
          if (!path.startsWith(ASSETS)) await share(join(publicFolder(release), path), join(draft, path));
        }
      });
    },
    switchTo: ({ id }) => pointLink(paths.current, join('pages', id)),
    async showNotBuilt(command) {
      await makeFolders(paths.pages(NOT_BUILT));
      await replaceFile(join(paths.pages(NOT_BUILT), 'index.html'), notBuiltPage(command), { mode: 0o644 });
      await pointLink(paths.current, join('pages', NOT_BUILT));
    },
    async addPreview(release, { entries }, base) {
      await makeFolders(paths.assets, paths.previews);
      await addAssets(release);
      await replaceFolder(paths.preview(release.id), async (draft) => {
        for (const path of await filesOf(release)) {
          const isPage = entries.some((entry) => path === entry || path.startsWith(`${entry}.`));
          if (!isPage && !path.startsWith(ASSETS)) await share(join(publicFolder(release), path), join(draft, path));
        }
        for (const entry of entries) {
          const page = await readFile(join(publicFolder(release), entry), 'utf8');
          if (!BASE.test(page)) throw new Error(`Preview "${site}": "${entry}": has no <meta name="base" content="/">`);
          await writeFile(join(draft, entry), page.replace(BASE, `<meta name="base" content="${base}">`));
        }
      });
    },
    removePreview: (release) => rm(paths.preview(release), { recursive: true, force: true }),
    async keepOnly(releases) {
      const ids = new Set([...releases.map(({ id }) => id), NOT_BUILT]);
      for (const folder of [paths.allPages, paths.previews]) {
        for (const name of await names(folder)) {
          if (!ids.has(name)) await rm(join(folder, name), { recursive: true, force: true });
        }
      }
      const needed = new Set((await Promise.all(releases.map(filesOf))).flat());
      for (const path of await listFiles(paths.assets)) {
        if (!needed.has(ASSETS + path)) await rm(join(paths.assets, path), { force: true });
      }
    },
  };
}

const filesOf = (release: Release): Promise<string[]> => listFiles(publicFolder(release));

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name).slice(folder.length + 1)] : [],
  );
}

/** Enterable by the edge, whatever the umask is. */
async function makeFolders(...folders: string[]): Promise<void> {
  for (const folder of folders) {
    await mkdir(folder, { recursive: true });
    for (const place of [folder, dirname(folder)]) await chmod(place, 0o755);
  }
}

/** A link to the same file where it is on the same file system, else a copy with its time, by which the edge names it. */
async function share(from: string, to: string): Promise<void> {
  if (existsSync(to)) {
    if (await isSame(from, to)) return;
    throw new Error(`Publish "${basename(to)}": another release has a file of this name with other content`);
  }
  await makeFolders(dirname(to));
  const draft = join(dirname(to), `.${basename(to)}.next`);
  await rm(draft, { force: true });
  try {
    await link(from, draft);
  } catch (error) {
    if (!['EXDEV', 'EPERM', 'EMLINK'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await copyFile(from, draft);
    const { atime, mtime } = await stat(from);
    await utimes(draft, atime, mtime);
    await chmod(draft, 0o644);
  }
  await rename(draft, to);
}

/** What was compressed may differ from one version of Node to the next, and stands for the same. */
async function isSame(from: string, to: string): Promise<boolean> {
  const [a, b] = await Promise.all([stat(from), stat(to)]);
  if ((a.ino === b.ino && a.dev === b.dev) || /\.(?:br|zst|gz)$/.test(to)) return true;
  return a.size === b.size && (await readFile(from)).equals(await readFile(to));
}

async function replaceFolder(folder: string, fill: (draft: string) => Promise<void>): Promise<void> {
  const draft = join(dirname(folder), `.${basename(folder)}.next`);
  await rm(draft, { recursive: true, force: true });
  await makeFolders(draft);
  await fill(draft);
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder);
}

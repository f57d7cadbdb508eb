import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { checkout, compileCacheLink } from './platform.ts';

/** A copy of the checkout whose files a test may change, as a developer would before a deploy. */
export interface CheckoutCopy {
  root: string;
  /** Replaces the one place where `from` stands. */
  edit(path: string, from: string, to: string): Promise<void>;
  read(path: string): Promise<string>;
  /** Makes the folders that are missing. */
  write(path: string, content: string): Promise<void>;
  remove(): Promise<void>;
}

/** As a whole; of the functions and workers those that are asked for. */
const copied = [
  'Caddyfile',
  'package.json',
  'package-lock.json',
  'pandect.ts',
  'tsconfig.json',
  'db',
  'modules',
  'platform',
];

interface CopyOptions {
  /** Names of the functions and workers that it has; `operator`, which test accounts need, comes with `auth`. */
  units: readonly string[];
  /** With the pages, and what they are built from. */
  site?: boolean;
}

export async function copyCheckout({ units: named, site = false }: CopyOptions): Promise<CheckoutCopy> {
  const units = named.includes('auth') ? [...named, 'operator'] : named;
  const root = await mkdtemp(join(tmpdir(), 'pandect-checkout-'));
  await chmod(root, 0o755);
  // With their times, by which a release is known to be of these files.
  await promisify(execFile)('cp', ['-a', ...copied.map((name) => join(checkout, name)), root]);
  if (site) await copySite(root);
  for (const parent of ['functions', 'workers']) {
    await mkdir(join(root, parent));
    for (const unit of await readdir(join(checkout, parent))) {
      if (units.includes(unit))
        await promisify(execFile)('cp', ['-a', join(checkout, parent, unit), join(root, parent)]);
    }
  }
  await symlink(join(checkout, 'node_modules'), join(root, 'node_modules'));
  const compileCache = process.env.NODE_COMPILE_CACHE;
  if (compileCache) {
    await mkdir(dirname(join(root, compileCacheLink)));
    await symlink(compileCache, join(root, compileCacheLink));
  }
  const copy: CheckoutCopy = {
    root,
    read: (path) => readFile(join(root, path), 'utf8'),
    async write(path, content) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    },
    async edit(path, from, to) {
      const parts = (await copy.read(path)).split(from);
      if (parts.length !== 2) throw new Error(`Edit "${path}": "${from}" stands there ${parts.length - 1} times`);
      await copy.write(path, parts.join(to));
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
  return copy;
}

/** Without the packages that only generate the client, which are large. */
async function copySite(root: string): Promise<void> {
  await promisify(execFile)('cp', ['-a', join(checkout, 'web'), root]);
  await cp(join(checkout, 'client'), join(root, 'client'), {
    ...{ recursive: true, preserveTimestamps: true, verbatimSymlinks: true },
    filter: (path) => basename(path) !== 'node_modules',
  });
}

import { execFile } from 'node:child_process';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isSecretName, PUSH_LIMITS, SOURCE_ENTRIES } from '../../supervisor/source/push-request.ts';
import type { TarFile } from '../../supervisor/source/tar.ts';

/** A test is no part of what runs. */
const isLeftOut = (path: string): boolean => path.endsWith('.test.ts');

const privateKey = /^\s*-----BEGIN ([A-Z]+ )*PRIVATE KEY-----/;

/**
 * The files of a checkout that units are built from: what git tracks and what is new, as they are now, in order of their paths.
 * @throws when the folder is no checkout of git, or holds what no push may carry
 */
export async function collectFiles(root: string): Promise<TarFile[]> {
  const paths = (await listFiles(root)).filter((path) => !isLeftOut(path));
  const secrets = paths.filter(isSecretName);
  if (secrets.length > 0) throw new Error(refusal(secrets, 'may hold a secret'));
  const files: TarFile[] = [];
  let bytes = 0;
  for (const path of paths.toSorted()) {
    const found = await lstat(join(root, path)).catch(() => undefined);
    if (!found) continue; // removed since the last commit
    if (!found.isFile()) throw new Error(refusal([path], 'is a link or no file'));
    if (found.size > PUSH_LIMITS.fileBytes)
      throw new Error(refusal([path], `is larger than ${mib(PUSH_LIMITS.fileBytes)}`));
    const contents = await readFile(join(root, path));
    if (privateKey.test(contents.toString('latin1', 0, 200))) throw new Error(refusal([path], 'holds a private key'));
    bytes += contents.length;
    files.push({ path, contents });
  }
  if (bytes > PUSH_LIMITS.unpackedBytes || files.length > PUSH_LIMITS.files) {
    throw new Error(
      `Push: ${files.length} files, ${mib(bytes)}: at most ${PUSH_LIMITS.files} and ${mib(PUSH_LIMITS.unpackedBytes)} are allowed`,
    );
  }
  return files;
}

async function listFiles(root: string): Promise<string[]> {
  const asked = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...SOURCE_ENTRIES];
  try {
    const { stdout } = await promisify(execFile)('git', ['-C', root, ...asked], { maxBuffer: 64 * 1024 ** 2 });
    return [...new Set(stdout.split('\0').filter((path) => path !== ''))];
  } catch (cause) {
    throw new Error(`Push: "${root}" is no checkout of git, or git is missing`, { cause });
  }
}

const refusal = (paths: readonly string[], why: string): string =>
  `Push: ${paths.map((path) => `"${path}"`).join(', ')}: ${why}: take it out of the checkout, or name it in .gitignore`;

const mib = (bytes: number): string => `${Math.round(bytes / 1024 ** 2)} MiB`;

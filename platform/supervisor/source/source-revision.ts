import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readSourceRecord } from './source-record.ts';

/**
 * Git revision of a source, with `+` behind it when files have been changed since: of an image or a push what was written down,
 * of a checkout what git says. Undefined where neither knows one.
 */
export async function sourceRevision(root: string): Promise<string | undefined> {
  const record = await readSourceRecord(root).catch(() => undefined);
  return record ? record.revision : gitRevision(root);
}

/**
 * Undefined where the folder is none of git's, or there is no git.
 * @param options.counted files and folders in which a file that git does not know is a change as well
 */
export async function gitRevision(
  root: string,
  { counted = [] }: { counted?: readonly string[] } = {},
): Promise<string | undefined> {
  try {
    const git = async (...args: string[]) =>
      (await promisify(execFile)('git', ['-C', root, ...args], { timeout: 5_000 })).stdout.trim();
    const [revision, changes, added] = await Promise.all([
      git('rev-parse', '--short=10', 'HEAD'),
      git('status', '--porcelain', '--untracked-files=no'),
      counted.length > 0
        ? git('ls-files', '--others', '--exclude-standard', '--directory', '--no-empty-directory', '--', ...counted)
        : '',
    ]);
    return changes === '' && added === '' ? revision : `${revision}+`;
  } catch {
    return undefined;
  }
}

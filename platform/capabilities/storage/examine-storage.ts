import type { Source, Verdict } from '../../kernel/composition.ts';
import { readEnvironment } from '../../kernel/environment.ts';
import { openS3, storageVariables } from './open-storage.ts';

/** What `pandect doctor` finds of the bucket. A local storage is a folder, which its other checks look at. */
export async function examineStorage(source: Source): Promise<Verdict> {
  const settings = readEnvironment(storageVariables, source);
  if (settings.STORAGE === 'local') return { state: 'ok', detail: 'files are stored in UPLOAD_DIR' };
  const storage = await openS3(settings);
  const place = `the bucket "${settings.S3_BUCKET}" at ${settings.S3_ENDPOINT}`;
  try {
    await storage.check();
  } catch (error) {
    const { message } = error as Error;
    return { state: 'fail', detail: `${place} cannot be used: ${message}`, hint: 'pandect storage check tells more' };
  }
  if (!(await storage.isVersioned().catch(() => false))) return { state: 'ok', detail: `${place} takes files` };
  return {
    state: 'warn',
    detail: `${place} keeps versions: files that are erased stay there`,
    hint: 'suspend versioning, or have a lifecycle rule delete noncurrent versions; see docs/storage.md',
  };
}

import { ask } from '../control-client.ts';
import type { Facts } from './facts.ts';
import { fail, ok, type Verdict, warn } from './finding.ts';

export async function checkFiles({ running }: Facts): Promise<Verdict | undefined> {
  if (!running) return undefined;
  return judgeFiles(await ask<{ missing: number; orphans: number }>('GET', '/operator/files/counts'));
}

/** Whether storage and database tell of the same files. */
export function judgeFiles({ missing, orphans }: { missing: number; orphans: number }): Verdict {
  if (missing > 0) {
    return fail(
      `${missing} documents have lost their file`,
      'pandect files missing; restore UPLOAD_DIR or the bucket from a backup, or have them uploaded again',
    );
  }
  if (orphans > 0) return warn(`${orphans} stored files belong to no document`, 'pandect files orphans list');
  return ok('every document has its file');
}

import { ask } from '../control-client.ts';
import type { GenerationRow } from '../operator-answers.ts';
import type { Facts } from './facts.ts';
import { fail, ok, type Verdict, warn } from './finding.ts';

export async function checkSearchIndex({ running }: Facts): Promise<Verdict | undefined> {
  if (!running) return undefined;
  return judgeSearchIndex(await ask<GenerationRow[]>('GET', '/operator/indexes'));
}

/** Whether the live index holds every ready document, and is what the settings ask for. */
export function judgeSearchIndex(
  rows: readonly Pick<GenerationRow, 'generation' | 'state' | 'done' | 'total' | 'differs'>[],
): Verdict {
  const live = rows.find(({ state }) => state === 'live');
  if (!live) return fail('none is live', 'pandect restart migrates and makes the first one');
  const { generation, done, total, differs } = live;
  const build = rows.find(({ state }) => state === 'building' || state === 'verified');
  if (done < total) {
    return warn(
      `${total - done} of ${total} documents are not in index ${generation} yet and cannot be found`,
      'the worker adds them by itself; pandect logs reindex tells why when it does not',
    );
  }
  if (build) return ok(`${total} documents; index ${build.generation} is being built next to it`);
  if (differs.length > 0) {
    return warn(`index ${generation} is not what the settings ask for: ${differs.join(', ')}`, 'pandect reindex');
  }
  return ok(`${total} documents in index ${generation}`);
}

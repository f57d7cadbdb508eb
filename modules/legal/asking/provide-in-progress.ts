import type { Boot } from '../../../platform/runtime/boot.ts';
import { cache } from '../../../platform/runtime/providers/cache.ts';
import { database } from '../../../platform/runtime/providers/database.ts';
import { eventLog } from '../../../platform/runtime/providers/event-log.ts';
import { feed } from '../../../platform/runtime/providers/feed.ts';
import { admission } from '../../commerce/metering/provide-admission.ts';
import { catalogue } from '../../models/provide-models.ts';
import { retrieval } from '../search/provide-retrieval.ts';

/** Answers of this process whose clients may have left; it closes after the last of them. */
export async function inProgress(boot: Boot): Promise<Set<Promise<unknown>>> {
  // What an answer needs is opened before, and so closed after them.
  await boot.useAll({ database, cache, eventLog, feed, admission, catalogue, retrieval });
  const answers = new Set<Promise<unknown>>();
  boot.onClose(async () => void (await Promise.all(answers)));
  return answers;
}

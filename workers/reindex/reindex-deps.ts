import { indexStores } from '../../modules/legal/index/provide-index-stores.ts';
import { firstIndex, indexes } from '../../modules/legal/index/provide-indexes.ts';
import { textCutter } from '../../modules/legal/reading/process/provide-text-cutter.ts';
import type { Provided } from '../../platform/runtime/boot.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { queue } from '../../platform/runtime/providers/queue.ts';

export const provide = { database, queue, indexes, indexStores, textCutter, firstIndex };
export type ReindexDeps = Provided<typeof provide>;

import type { Provided } from '../../platform/runtime/boot.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { indexStores } from '../../platform/runtime/providers/index-stores.ts';
import { indexes } from '../../platform/runtime/providers/indexes.ts';
import { queue } from '../../platform/runtime/providers/queue.ts';
import { textCutter } from '../../platform/runtime/providers/text-cutter.ts';

export const provide = { database, queue, indexes, indexStores, textCutter };
export type ReindexDeps = Provided<typeof provide>;

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Boot } from '../../../platform/runtime/boot.ts';
import { type Comparer, createComparer } from './comparer.ts';

/** In a release the thread is bundled next to the entry, see the manifest's `threads`. */
export async function comparer(_: Boot): Promise<Comparer> {
  const bundled = join(import.meta.dirname, 'compare-thread.js');
  return createComparer(existsSync(bundled) ? { entry: bundled } : {});
}

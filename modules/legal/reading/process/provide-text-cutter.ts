import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Boot } from '../../../../platform/runtime/boot.ts';
import { createTextCutter, type TextCutter } from '../index.ts';

/** In a release the process that cuts texts is bundled next to the entry, see the manifest's `children`. */
export async function textCutter(boot: Boot): Promise<TextCutter> {
  const bundled = join(import.meta.dirname, 'cut-process.js');
  const cutter = createTextCutter(existsSync(bundled) ? { entry: bundled } : {});
  boot.onClose(async () => cutter.close());
  return cutter;
}

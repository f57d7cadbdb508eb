import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Boot } from '../../../../platform/runtime/boot.ts';
import { createDocumentParser, type DocumentParser } from '../index.ts';

/** In a release the parser's process is bundled next to the entry, see the manifest's `children`. */
export async function documentParser(_: Boot): Promise<DocumentParser> {
  const bundled = join(import.meta.dirname, 'parse-process.js');
  return createDocumentParser(existsSync(bundled) ? { entry: bundled } : {});
}

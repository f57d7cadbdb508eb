import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { defineProvider } from '../../../../platform/runtime/boot.ts';
import { PARSERS_AT_ONCE } from '../../variables.ts';
import { createDocumentParser } from '../index.ts';
import { limitReadings } from './limit-readings.ts';

/** In a release the parser's process is bundled next to the entry, see the manifest's `children`. */
export const documentParser = defineProvider([PARSERS_AT_ONCE], (_, settings) => {
  const bundled = join(import.meta.dirname, 'parse-process.js');
  const parser = createDocumentParser(existsSync(bundled) ? { entry: bundled } : {});
  return limitReadings(parser, settings.PARSERS_AT_ONCE);
});

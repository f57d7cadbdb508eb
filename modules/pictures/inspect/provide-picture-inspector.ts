import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Boot } from '../../../platform/runtime/boot.ts';
import type { PictureInspector } from '../contract.ts';
import { createPictureInspector } from './inspect-picture.ts';

/** Where a release has it, by the manifest's `children`: in a folder of its own, so that its packages are out of the worker's reach. */
const PICTURE_PROCESS = 'pictures/picture-process.js';

export async function pictureInspector(_: Boot): Promise<PictureInspector> {
  const bundled = join(import.meta.dirname, PICTURE_PROCESS);
  return createPictureInspector(existsSync(bundled) ? { entry: bundled, folders: [import.meta.dirname] } : {});
}

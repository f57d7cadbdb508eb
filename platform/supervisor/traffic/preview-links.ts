import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pointLink } from './point-link.ts';

/** A release that is reachable at `/_preview/<function>/<release>/…`: the edge's route there dials this link. */
const previewPath = (run: string, unit: string, release: string): string => join(run, unit, `preview-${release}.sock`);

export async function linkPreview(run: string, unit: string, release: string, socket: string): Promise<void> {
  await mkdir(join(run, unit), { recursive: true });
  await pointLink(previewPath(run, unit, release), socket);
}

/** The address answers 404 from now on. */
export const unlinkPreview = (run: string, unit: string, release: string): Promise<void> =>
  rm(previewPath(run, unit, release), { force: true });

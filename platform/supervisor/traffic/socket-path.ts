import { mkdir, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The paths that the edge dials, one a slot, are symlinks to the sockets of instances. Replacing a link is one atomic
 * `rename`, so every new connection reaches a living instance, before and after.
 */

export const slotPath = (run: string, unit: string, slot: number): string => join(run, unit, `${slot}.sock`);

export const instancePath = (run: string, unit: string, instance: string): string =>
  join(run, unit, `i-${instance}.sock`);

/** What each slot points to: instances take turns, so that slots beyond their number are never dead ends. */
export const assignSlots = (sockets: readonly string[], slots: number): string[] =>
  sockets.length === 0 ? [] : Array.from({ length: slots }, (_, slot) => sockets[slot % sockets.length] as string);

/** Where the command line reaches the supervisor. */
export const controlSocket = (run: string): string => join(run, 'control.sock');

/** Where the edge reads the platform's figures. */
export const metricsSocket = (run: string): string => join(run, 'metrics.sock');

/** Points all slots of a unit at these sockets. */
export async function switchSlots(run: string, unit: string, sockets: readonly string[], slots: number): Promise<void> {
  await mkdir(join(run, unit), { recursive: true });
  for (const [slot, socket] of assignSlots(sockets, slots).entries()) {
    const path = slotPath(run, unit, slot);
    const draft = `${path}.next`;
    await symlink(socket, draft).catch(async (error: NodeJS.ErrnoException) => {
      // Left over from a switch that was cut off.
      if (error.code !== 'EEXIST') throw error;
      await rename(draft, `${draft}.stale`);
      await symlink(socket, draft);
    });
    await rename(draft, path);
  }
}

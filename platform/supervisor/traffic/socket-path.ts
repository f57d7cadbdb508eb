import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pointLink } from './point-link.ts';

/**
 * The paths that the edge dials, one a slot, are links to the sockets of instances, or to the activator's where none is
 * alive. Every new connection reaches somebody who answers, before a switch and after.
 */

export const slotPath = (run: string, unit: string, slot: number): string => join(run, unit, `${slot}.sock`);

/** Where the processes of a unit, and they alone, make their sockets; what else is in the unit's folder is the supervisor's. */
export const instancesFolder = (run: string, unit: string): string => join(run, unit, 'i');

export const instancePath = (run: string, unit: string, instance: string): string =>
  join(instancesFolder(run, unit), `${instance}.sock`);

/** Where the supervisor itself takes a function's requests while no instance is alive. */
export const wakePath = (run: string, unit: string): string => join(run, unit, 'wake.sock');

/** What each slot points to: instances take turns, so that slots beyond their number are never dead ends. */
export const assignSlots = (sockets: readonly string[], slots: number): string[] =>
  sockets.length === 0 ? [] : Array.from({ length: slots }, (_, slot) => sockets[slot % sockets.length] as string);

/** Where the command line reaches the supervisor. */
export const controlSocket = (run: string): string => join(run, 'control.sock');

/** Where the function `console`, and it alone, reaches the supervisor. */
export const consoleSocket = (run: string): string => join(run, 'console.sock');

/** Where the edge reads the platform's figures. */
export const metricsSocket = (run: string): string => join(run, 'metrics.sock');

/** Points all slots of a unit at these sockets. */
export async function switchSlots(run: string, unit: string, sockets: readonly string[], slots: number): Promise<void> {
  await mkdir(join(run, unit), { recursive: true });
  for (const [slot, socket] of assignSlots(sockets, slots).entries()) {
    await pointLink(slotPath(run, unit, slot), socket);
  }
}

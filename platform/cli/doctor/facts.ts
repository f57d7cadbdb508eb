import { lstat, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Composition } from '../../kernel/composition.ts';
import { readEnvironment } from '../../kernel/environment.ts';
import { type Home, prepareHome } from '../../services/home.ts';
import { checkSettings, type OwnSettings } from '../../supervisor/check-settings.ts';
import type { ProcessRow, Status } from '../../supervisor/control/contract.ts';
import { ask, askIfRunning } from '../control-client.ts';
import { type Finding, fail, ok } from './finding.ts';

/** What the checks look at. */
export interface Facts {
  settings: OwnSettings;
  /** Folders outside of the home that processes keep files in, by the settings. */
  folders: string[];
  /** The folder that the settings name, whether it exists or not. */
  wanted: string;
  /** Undefined before the first start. */
  home: Home | undefined;
  /** Undefined when no platform runs. */
  running: { status: Status; rows: ProcessRow[] } | undefined;
}

type Wanted = Pick<Facts, 'settings' | 'folders' | 'wanted'>;

/** Reads the settings. @throws with all mistakes in them */
export function readSettings(composition: Composition): Wanted {
  const settings = checkSettings(composition, process.env);
  const folders = composition.variables.flatMap((variable) =>
    typeof variable.path === 'object' ? [resolve(Object.values(readEnvironment([variable]))[0] as string)] : [],
  );
  return { settings, folders, wanted: resolve(settings.PANDECT_HOME) };
}

/** Completes the home, which may mend it: anyone who judges its permissions looks before. */
export async function readFacts(known: Wanted): Promise<Facts> {
  const { wanted } = known;
  if (!(await exists(wanted))) return { ...known, home: undefined, running: undefined };
  const home = await prepareHome(wanted);
  const status = await askIfRunning<Status>('/status');
  const running = status && { status, rows: await ask<ProcessRow[]>('GET', '/ps') };
  return { ...known, home, running };
}

/** Whether a platform answers, as a line. */
export function describeRunning({ running, home, wanted }: Facts): Finding {
  const name = 'platform';
  if (running) return { name, ...ok(`${running.status.version} runs at ${running.status.url}`) };
  return { name, ...ok(home ? `none runs in ${wanted}` : `never started in ${wanted}`) };
}

/** When the home or the running platform cannot be read at all. */
export const describeUnreadable = (error: unknown): Finding => ({
  name: 'platform',
  ...fail((error as Error).message, 'run this as the user who started the platform, with the same PANDECT_HOME'),
});

export const exists = async (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** The path, or the nearest folder above it that exists. */
export async function nearestFolder(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ? path : nearestFolder(dirname(path));
}

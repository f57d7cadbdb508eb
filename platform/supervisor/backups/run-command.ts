import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { Home } from '../../services/home.ts';
import type { LiveSettings } from '../settings.ts';

export interface CommandPlace {
  /** The checkout. */
  root: string;
  home: Pick<Home, 'root'>;
  live: Pick<LiveSettings, 'source'>;
}

/** A command that runs in a process of its own: what fails there leaves the supervisor alone. */
export interface RunningCommand {
  readonly child: ChildProcess;
  /** `status` null for one that could not begin or was killed. */
  readonly ended: Promise<{ status: number | null; output: string; lastWords: string }>;
}

/** Runs `pandect` with these arguments as the operator would, in the home. @param onLine told each line of its progress */
export function runCommand(
  { root, home, live }: CommandPlace,
  args: readonly string[],
  onLine: (line: string) => void = () => {},
): RunningCommand {
  const child = spawn(process.execPath, [join(root, 'pandect.ts'), ...args], {
    cwd: root,
    env: { ...live.source, PANDECT_HOME: home.root },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let lastWords = '';
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.trim() === '') return;
    lastWords = line.trim();
    onLine(lastWords);
  });
  const closed = new Promise<number | null>((resolve) =>
    child.once('close', resolve).once('error', () => resolve(null)),
  );
  const ended = Promise.all([closed, text(child.stdout)]).then(([status, output]) => ({ status, output, lastWords }));
  return { child, ended };
}

import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { asUser, type ProcessUser } from '../../services/process-user.ts';
import { givingWay } from '../release/give-way.ts';

export interface BuildCommand {
  /** Program and arguments; `node` is the given one. */
  command: readonly string[];
  node: string;
  /** The checkout. */
  root: string;
  /** An empty folder that shows the build a checkout which its user cannot reach, as one below /root; the build alone sees it there. */
  place: string | undefined;
  /** Where it may write; `output` is below. */
  work: string;
  output: string;
  user: ProcessUser | undefined;
}

/** Why a build failed, with what it printed last. */
export class BuildFailure extends Error {
  readonly log: string;
  constructor(message: string, log: string) {
    super(message);
    this.log = log;
  }
}

const LIMIT_MS = 240_000;
const KEPT_CHARACTERS = 16_000;
const SHOWN_LINES = 40;

/**
 * Runs a build to its end, as a user who may read the checkout and write only into its own folder, and without the platform's
 * settings. What it leaves running is ended. @throws BuildFailure
 */
export async function runBuild({ command, node, root, place, work, output, user }: BuildCommand): Promise<void> {
  const [program = '', ...args] = command;
  const env = {
    PATH: `${dirname(node)}:${process.env.PATH}`,
    ...{ HOME: work, TMPDIR: work, LC_ALL: 'C.UTF-8', TZ: 'UTC', CI: '1', NO_COLOR: '1' },
    PANDECT_SITE_OUT: output,
  };
  const plan = asUser(user, program === 'node' ? node : program, args, env);
  const [first = '', ...rest] = [...(place ? within(root, place) : []), plan.command, ...plan.args];
  const start = givingWay(first, rest);
  const cwd = place ? '/' : root;
  const child = spawn(start.command, start.args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let printed = '';
  for (const pipe of [child.stdout, child.stderr]) {
    pipe.setEncoding('utf8').on('data', (part: string) => {
      printed = (printed + part).slice(-KEPT_CHARACTERS);
    });
  }
  const endGroup = () => {
    try {
      if (child.pid) process.kill(-child.pid, 'SIGKILL');
    } catch {} // it has ended, with all that it started
  };
  // The child of a process that is killed would go on.
  process.once('exit', endGroup);
  const late = setTimeout(endGroup, LIMIT_MS);
  const reason = await new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? undefined : (signal ?? `exit status ${code}`)));
    child.once('exit', endGroup);
  });
  clearTimeout(late);
  process.off('exit', endGroup);
  if (reason === undefined) return;
  throw new BuildFailure(
    `"${command.join(' ')}" ended with ${reason}`,
    printed.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n'),
  );
}

/** Runs what follows where the checkout stands at another place too, for itself and its children only. */
const within = (root: string, place: string): string[] => [
  ...['unshare', '--mount', '--propagation=private', 'sh', '-c'],
  'mount --bind -- "$0" "$1" && cd -- "$1" && shift && exec "$@"',
  ...[root, place],
];

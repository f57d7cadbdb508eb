import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { endProcess } from '../../platform/services/processes.ts';
import { type TemporaryHome, temporaryHome } from '../../platform/services/temporary-home.ts';
import { allocatorVariables } from '../../platform/supervisor/process/allocator.ts';
import { freePort } from '../../platform/testing/free-port.ts';
import { memoryFolder } from '../../platform/testing/memory-folder.ts';
import { giveReleases, keepReleases } from './built-releases.ts';
import { type BundledCommand, bundledCommand } from './bundled-command.ts';
import { giveCompiledCode, keepCompiledCode } from './compiled-code.ts';
import { giveDatabase } from './migrated-database.ts';
import { processesIn } from './processes.ts';

/** The checkout that is tested. */
export const checkout = join(import.meta.dirname, '../..');

/** Where a copy of it has a link to the compiled code of the checkout. */
export const compileCacheLink = '.tools/compile-cache';

export interface CommandResult {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** What a test needs of a platform, no matter who started it. */
export interface PlatformAccess {
  url: string;
  /** Its folder, without symbolic links. */
  home: string;
  /** The supervisor's process id. */
  pid: number;
  /** Where the platform's own code lies. */
  root: string;
}

export interface TestPlatform extends PlatformAccess {
  /** What `pandect up` has printed. */
  output(): string;
  /** Ends it as Ctrl-C does. @throws when it does not end with status 0, or leaves a process behind */
  stop(): Promise<void>;
  /** Ends only the supervisor, as if the kernel had. */
  killSupervisor(): Promise<void>;
  /** Sends SIGTERM, as a service manager does; resolves when the supervisor has ended. @throws unless with status 0 */
  terminate(): Promise<void>;
}

export interface PlatformOptions {
  env?: Record<string, string>;
  /** A home that outlives the platform; without one it gets its own, which goes with it. */
  home?: TemporaryHome;
  port?: number;
  /** The checkout to run; default: this one. */
  root?: string;
  /** Further arguments of `pandect up`. */
  flags?: string[];
  /** A file of settings, as `scripts/pandect` names one. */
  settings?: string;
  /** Who starts it; default: the user of the tests. */
  user?: ProcessOwner;
  /** A program that starts it within something, such as another network, with its arguments. */
  within?: readonly string[];
}

export interface ProcessOwner {
  uid: number;
  gid: number;
}

/** More on a machine that is busy with other work. */
const START_SECONDS = Number(process.env.PANDECT_TEST_START_SECONDS ?? 170);
const STOP_SECONDS = 60;
/** Processes write down what they have compiled a second after their start. */
const COMPILED_AFTER_MS = 3_000;

/** Runs `pandect up` and waits until it says that it is up. @throws with its output when it ends instead */
export async function startTestPlatform(options: PlatformOptions = {}): Promise<TestPlatform> {
  const { root = checkout, port = await freePort(), flags = [] } = options;
  const own = options.home === undefined ? await temporaryHome({ within: await memoryFolder() }) : undefined;
  const place = options.home ?? (own as TemporaryHome);
  const env = { ...defaults, PANDECT_PORT: String(port), ...options.env, PANDECT_HOME: place.path };
  // Another user could not write what this one has built.
  if (!options.user) {
    await giveReleases(place.home, root);
    await giveCompiledCode(place.home);
    if (!options.env?.DATABASE_URL) await giveDatabase(place.home, migrate);
  }
  // It lies in a folder of this user.
  const bundle = options.user ? undefined : await bundledCommand(root);
  const { child, output } = run(root, ['up', ...flags], env, { ...options, bundle });
  const ended = once(child, 'exit').then(([code, signal]): string => signal ?? `status ${code}`);

  const end = async (problem: string) => {
    const left = await processesIn(place.home);
    await Promise.all(left.map(({ pid }) => endProcess(pid, [{ signal: 'SIGKILL', seconds: 5 }]).catch(() => {})));
    await own?.remove();
    return new Error(`${problem}\n${left.map(({ command }) => `left behind: ${command}`).join('\n')}\n${output()}`);
  };
  const url = await Promise.race([untilUp(child, output), ended.then(() => undefined), later(START_SECONDS)]);
  if (url === undefined) {
    child.kill('SIGKILL');
    throw await end(`Start platform: not up; ${await ended}`);
  }
  if (!options.user) await keepReleases(place.home);
  const keeping = setTimeout(() => void keepCompiledCode(place.home), COMPILED_AFTER_MS).unref();

  return {
    url,
    root,
    home: place.home.root,
    pid: child.pid as number,
    output,
    async killSupervisor() {
      child.kill('SIGKILL');
      await ended;
    },
    async terminate() {
      child.kill('SIGTERM');
      const reason = await Promise.race([ended, later(STOP_SECONDS)]);
      if (reason === 'status 0') return;
      child.kill('SIGKILL');
      throw await end(`Terminate platform: ended with ${reason ?? 'SIGKILL after a minute'}`);
    },
    async stop() {
      clearTimeout(keeping);
      child.kill('SIGINT');
      const reason = await Promise.race([ended, later(STOP_SECONDS)]);
      if (reason === undefined) child.kill('SIGKILL');
      if (reason !== 'status 0' || (await processesIn(place.home)).length > 0) {
        throw await end(`Stop platform: ended with ${reason ?? 'SIGKILL after a minute'}`);
      }
      await keepCompiledCode(place.home);
      await own?.remove();
    },
  };
}

/** Runs `pandect up` where it is expected to refuse; resolves when it has ended. */
export async function refusedUp(
  home: TemporaryHome,
  env: Record<string, string>,
  root = checkout,
): Promise<CommandResult> {
  return runToEnd(root, ['up'], { ...defaults, ...env, PANDECT_HOME: home.path });
}

/** Runs `pandect up` and interrupts it as soon as it prints a line; resolves when it has ended. */
export async function interruptedUp(home: TemporaryHome, line: string, root = checkout): Promise<void> {
  const { child, output } = run(root, ['up'], {
    ...defaults,
    PANDECT_PORT: String(await freePort()),
    PANDECT_HOME: home.path,
  });
  const ended = once(child, 'exit');
  child.stdout?.on('data', () => {
    if (output().includes(line)) child.kill('SIGINT');
  });
  await ended;
}

/** Runs another command of `pandect` against a platform. */
export const pandect = ({ root, home }: PlatformAccess, ...args: string[]): Promise<CommandResult> =>
  runToEnd(root, args, { PANDECT_HOME: home });

/** The same as another user. */
export const pandectAs = (
  user: ProcessOwner,
  { root, home }: PlatformAccess,
  ...args: string[]
): Promise<CommandResult> => runToEnd(root, args, { PANDECT_HOME: home, HOME: dirname(home) }, user);

/** The same with `--json`; @returns what was printed, and the status next to it */
export async function pandectJson<T>(
  platform: PlatformAccess,
  ...args: string[]
): Promise<{ status: number | null; value: T }> {
  const { status, stdout, stderr } = await pandect(platform, ...args, '--json');
  try {
    return { status, value: JSON.parse(stdout) as T };
  } catch (cause) {
    throw new Error(`Read output of "pandect ${args.join(' ')} --json": not JSON\n${stdout}\n${stderr}`, { cause });
  }
}

/** A command that continues until it is told to stop, such as `logs -f`. */
export function startPandect(
  { root, home }: PlatformAccess,
  ...args: string[]
): { child: ChildProcess; output(): string } {
  return run(root, args, { PANDECT_HOME: home });
}

async function migrate(home: string): Promise<void> {
  const { status, stderr } = await runToEnd(checkout, ['migrate'], { PANDECT_HOME: home });
  if (status !== 0) throw new Error(`Migrate a database for platforms: ended with status ${status}\n${stderr}`);
}

/** Limits get in the way of every test that is not about them. */
const defaults = {
  ENVIRONMENT: 'test',
  LOG_LEVEL: 'info',
  RATE_LIMIT_API_RPS: '100000',
  RATE_LIMIT_AUTH_RPS: '100000',
  RATE_LIMIT_EXTERNAL_RPM: '1000000',
  RATE_LIMIT_INTERNAL_RPM: '1000000',
  RATE_LIMIT_PERSON_RPM: '1000000',
  RATE_LIMIT_IMAGES_RPS: '100000',
  RATE_LIMIT_EXTERNAL_TPM: '100000000',
  // Tests side by side leave nothing over for what gives way, and load continues as long as a deploy takes.
  BUILD_NICENESS: '0',
};

interface RunOptions extends Pick<PlatformOptions, 'settings' | 'user' | 'within'> {
  /** Default: the sources. */
  bundle?: BundledCommand | undefined;
}

function run(
  root: string,
  args: string[],
  env: Record<string, string>,
  { settings, user, within = [], bundle }: RunOptions = {},
): { child: ChildProcess; output(): string } {
  const files = settings === undefined ? [] : [`--env-file=${settings}`];
  const entry = bundle?.program ?? join(root, 'pandect.ts');
  const [program = '', ...rest] = [...within, process.execPath, ...files, entry, ...args];
  const child = spawn(program, rest, {
    // Whatever the developer has set must not reach the platform.
    env: {
      PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
      HOME: process.env.HOME,
      ...compileCacheOf(root),
      ...(bundle && { NODE_COMPILE_CACHE: bundle.compileCache }),
      // As `scripts/pandect` sets them.
      ...allocatorVariables,
      ...env,
    },
    cwd: root,
    ...user,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A Ctrl-C in the terminal of the tests is for the tests.
    detached: true,
  });
  let output = '';
  for (const pipe of [child.stdout, child.stderr]) {
    pipe.setEncoding('utf8').on('data', (part: string) => {
      output += part;
    });
  }
  return { child, output: () => output };
}

/** What was compiled of one copy of the checkout holds for all: it is found by its place relative to the cache. */
function compileCacheOf(root: string): Record<string, string | undefined> {
  const { NODE_COMPILE_CACHE: shared, NODE_COMPILE_CACHE_PORTABLE } = process.env;
  const own = join(root, compileCacheLink);
  return { NODE_COMPILE_CACHE: existsSync(own) ? own : shared, NODE_COMPILE_CACHE_PORTABLE };
}

async function runToEnd(
  root: string,
  args: string[],
  env: Record<string, string>,
  user?: ProcessOwner,
): Promise<CommandResult> {
  const { child } = run(root, args, env, user && { user });
  const parts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (part: string) => {
      parts[name] += part;
    });
  }
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, ...parts };
}

const untilUp = (child: ChildProcess, output: () => string): Promise<string> =>
  new Promise((resolve) => {
    child.stdout?.on('data', () => {
      const url = /^Pandect is up at (\S+)/m.exec(output())?.[1];
      if (url) resolve(url);
    });
  });

const later = (seconds: number): Promise<undefined> =>
  new Promise((resolve) => setTimeout(() => resolve(undefined), seconds * 1000).unref());

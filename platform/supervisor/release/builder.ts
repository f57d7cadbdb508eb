import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { ProcessGroups } from '../process/cgroup.ts';
import type { Unit } from '../unit.ts';
import type { BuildOptions } from './build.ts';
import { createTurns, givingWay, type Turns } from './give-way.ts';
import type { Release } from './release.ts';

/** Builds a unit; the same content gives the release that is already there. */
export type Build = (unit: Unit, options: BuildOptions) => Promise<Release>;

export interface BuildOrder {
  number: number;
  unit: Unit;
  options: BuildOptions;
}
export type BuildAnswer = { number: number } & ({ built: Release } | { message: string });

/** For one build, which gives way to everything else on a busy host. */
const LIMIT_MS = 300_000;

/** Who deploys once often deploys again, and starting takes as long as building. */
const LINGER_MS = 30_000;

/** Above it the bundler, written in Go, collects its garbage more eagerly; it takes twice as much otherwise. */
const BUNDLER_MEMORY = '800MiB';
/** Of the process around it. */
const HEAP_MIB = 512;
/** Of both, where the kernel holds processes to it. */
const BUILD_MEMORY_BYTES = 1536 * 1024 ** 2;

export interface BuilderOptions {
  /** Ends what is being built. */
  signal?: AbortSignal;
  /** Whether people are served, whom a build may not slow down: it then runs on one processor. */
  isServing?: () => boolean;
  /** Builds of all kinds, which wait for each other. */
  inTurn?: Turns;
  groups?: ProcessGroups | undefined;
}

/**
 * Builds in a process of its own that ends soon after there is nothing left to build: once it has run, the bundler holds
 * more memory than everything else together.
 */
export function createBuilder({
  signal = new AbortController().signal,
  isServing = () => false,
  inTurn = createTurns(),
  groups,
}: BuilderOptions = {}): Build {
  let current: ReturnType<typeof startBuilder> | undefined;
  return async (unit, options) => {
    signal.throwIfAborted();
    return inTurn(async () => {
      if (!current?.isOpen()) current = startBuilder(signal, isServing(), groups);
      return current.build(unit, options);
    });
  };
}

/** A build that takes more is ended by the kernel, and not what serves. Where that cannot be had, it runs without. */
export async function holdToLimits(groups: ProcessGroups, child: ChildProcess): Promise<void> {
  const name = `build-${child.pid}`;
  child.once('exit', () => void groups.remove(name).catch(() => {}));
  await groups.enter(name, child.pid as number, { memoryBytes: BUILD_MEMORY_BYTES }).catch(() => {});
}

function startBuilder(signal: AbortSignal, isServing: boolean, groups: ProcessGroups | undefined) {
  const threads = isServing ? ['--v8-pool-size=1'] : [];
  const { PATH, NODE_COMPILE_CACHE, NODE_COMPILE_CACHE_PORTABLE } = process.env;
  const start = givingWay(process.execPath, [...threads, `--max-old-space-size=${HEAP_MIB}`]);
  const child: ChildProcess = fork(join(import.meta.dirname, 'build-process.ts'), {
    // What a bundle holds may not depend on the operator's environment.
    env: {
      PATH,
      NODE_COMPILE_CACHE,
      NODE_COMPILE_CACHE_PORTABLE,
      GOMEMLIMIT: BUNDLER_MEMORY,
      ...(isServing && { GOMAXPROCS: '1' }),
    },
    execPath: start.command,
    execArgv: start.args,
    detached: true,
    serialization: 'advanced',
    // No one waits for a build once the platform stops.
    signal,
    killSignal: 'SIGKILL',
  });
  if (groups && child.pid) void holdToLimits(groups, child);
  const waiting = new Map<number, { unit: Unit; resolve(built: Release): void; reject(error: Error): void }>();
  let counter = 0;
  let open = true;

  let late: NodeJS.Timeout | undefined;
  const fail = (error: Error) => {
    open = false;
    clearTimeout(late);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  let ending: NodeJS.Timeout | undefined;
  /** While it waits it keeps no one from ending. */
  const rest = () => {
    child.unref();
    child.channel?.unref();
    ending = setTimeout(() => {
      open = false;
      if (child.connected) child.disconnect();
    }, LINGER_MS).unref();
  };
  /** Builds are done in the order in which they were asked for. */
  const watchFirst = () => {
    clearTimeout(late);
    const [first] = waiting.values();
    if (!first) return;
    late = setTimeout(() => {
      fail(new Error(`Build "${first.unit.name}": not done within ${LIMIT_MS / 1000} s`));
      child.kill('SIGKILL');
    }, LIMIT_MS);
  };
  child.on('message', (answer: BuildAnswer) => {
    const order = waiting.get(answer.number);
    waiting.delete(answer.number);
    watchFirst();
    if ('built' in answer) order?.resolve(answer.built);
    else order?.reject(new Error(answer.message));
    if (waiting.size === 0) rest();
  });
  child.on('error', (error) => fail(error));
  child.on('exit', (code, signal) =>
    fail(new Error(`Build: the builder ended with ${signal ?? `exit status ${code}`}`)),
  );

  return {
    isOpen: () => open,
    build(unit: Unit, options: BuildOptions): Promise<Release> {
      const number = counter++;
      clearTimeout(ending);
      child.ref();
      child.channel?.ref();
      const built = new Promise<Release>((resolve, reject) => waiting.set(number, { unit, resolve, reject }));
      if (waiting.size === 1) watchFirst();
      child.send({ number, unit, options } satisfies BuildOrder);
      return built;
    },
  };
}

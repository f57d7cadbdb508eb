import { fork } from 'node:child_process';
import { join } from 'node:path';
import { type BuilderOptions, holdToLimits } from '../release/builder.ts';
import { createTurns, givingWay } from '../release/give-way.ts';
import type { Release } from '../release/release.ts';
import type { SiteBuildOptions } from './build-site.ts';
import { BuildFailure } from './run-build.ts';
import type { Site } from './site.ts';

export type SiteBuildAnswer = { built: Release } | { message: string; log: string };

/** Builds a site; the same content gives the release that is already there. @throws BuildFailure */
export type BuildSite = (site: Site, options: SiteBuildOptions) => Promise<Release>;

/** In a process of its own: what compresses at the highest levels takes memory that a supervisor would keep. */
export function createSiteBuilder({
  signal = new AbortController().signal,
  isServing = () => false,
  inTurn = createTurns(),
  groups,
}: BuilderOptions = {}): BuildSite {
  const build: BuildSite = async (site, options) => {
    // Of what a site's build is, nothing is known; it starts whatever it wants.
    const start = givingWay(process.execPath, [], { isOnOneProcessor: isServing() });
    const child = fork(join(import.meta.dirname, 'build-process.ts'), {
      env: { PATH: process.env.PATH, BUILD_NICENESS: process.env.BUILD_NICENESS },
      execPath: start.command,
      execArgv: start.args,
      detached: true,
      serialization: 'advanced',
      signal,
      // It ends what it has started.
      killSignal: 'SIGTERM',
    });
    if (groups && child.pid) void holdToLimits(groups, child);
    const answer = await new Promise<SiteBuildAnswer>((resolve) => {
      const fail = (message: string) => resolve({ message: `Build site "${site.name}": ${message}`, log: '' });
      child.once('message', resolve);
      child.once('error', ({ message }) => fail(message));
      child.once('exit', (code, signal) => fail(`the builder ended with ${signal ?? `exit status ${code}`}`));
      child.send({ site, options });
    });
    if ('built' in answer) return answer.built;
    throw new BuildFailure(answer.message, answer.log);
  };
  return async (site, options) => {
    signal.throwIfAborted();
    return inTurn(() => build(site, options));
  };
}

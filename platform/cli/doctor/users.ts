import { spawnSync } from 'node:child_process';
import { type Found, findIsolation } from '../../kernel/isolation.ts';
import { nodeFor } from '../../services/node-binary.ts';
import { asUser } from '../../services/process-user.ts';
import type { Facts } from './facts.ts';
import { fail, ok, type Verdict, warn } from './finding.ts';

/** Whether each process has a user of its own. It has to be asked as the user who starts the platform. */
export const checkUsers = async (): Promise<Verdict> =>
  judgeUsers({ isRoot: process.getuid?.() === 0, hasSetpriv: has('setpriv') });

export function judgeUsers({ isRoot, hasSetpriv }: { isRoot: boolean; hasSetpriv: boolean }): Verdict {
  if (!isRoot) {
    return warn(
      'not started as root: all processes share one user. ' +
        'Code that gets around Node in one function reads the private key, the passwords and all files. ' +
        "It gives orders to Caddy through its admin socket and takes over other functions' sockets. " +
        'It signals every other process',
      'start the platform as root, for example by pandect install: each process then gets a user that nothing else has',
    );
  }
  return hasSetpriv
    ? ok('each process has its own')
    : fail('setpriv is missing: no process can be started', 'install util-linux');
}

/** How far the processes that read uploaded files are kept apart, tried as an unprivileged user. */
export async function checkParsers({ home }: Pick<Facts, 'home'>): Promise<Verdict | undefined> {
  if (!home) return undefined;
  const { isolation } = findIsolation(await nodeFor(home), (program, args) => {
    const start = asUser(home.user && { ...home.user, groups: [] }, program, args, {});
    return runs(start.command, start.args);
  });
  return judgeParsers(
    isolation,
    ['setpriv', 'unshare', 'mount'].filter((program) => !has(program)),
  );
}

const reached = 'what takes over a parser reaches the sockets, files and processes of ingest';

/** @param missing programs that a room is made with */
export function judgeParsers(isolation: Found['isolation'], missing: readonly string[]): Verdict {
  if (isolation === 'room') return ok('without files, sockets, processes and network of this machine');
  const hint =
    missing.length > 0
      ? `install ${missing.join(', ')}; Debian, Ubuntu: apt-get install util-linux mount`
      : 'let unprivileged users make namespaces: see user.max_user_namespaces, kernel.unprivileged_userns_clone and kernel.apparmor_restrict_unprivileged_userns';
  return isolation === 'network'
    ? warn(`without network alone: ${reached}`, hint)
    : warn(`not isolated: ${reached}, and the network`, hint);
}

const has = (program: string): boolean => runs(program, ['--version']);

const runs = (program: string, args: readonly string[]): boolean =>
  spawnSync(program, args, { stdio: 'ignore', timeout: 5_000 }).status === 0;

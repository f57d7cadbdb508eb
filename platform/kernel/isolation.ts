import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';

/*
 * What keeps a process that reads hostile files apart from the machine, though its user is the worker's. In a room it has a root
 * folder of its own that holds Node and its code, read-only: no socket, no key and no other document has a path there. It sees
 * no other process, so it can signal none, and its network has no way out. Namespaces give all of that to unprivileged users.
 */

/** From the strongest on; `network` keeps the network away only. */
const isolations = ['room', 'network', 'none'] as const;
type Isolation = (typeof isolations)[number];

/** A program with its first arguments; what it shall become or start is added to them. */
type Wrapper = [program: string, ...args: string[]];

/*
 * `mount` takes its list from a regular file only, so the list lies in the new root. The shell stays: as the first process of the room
 * it takes everything in it along when it ends. The second `unshare` leaves the rights over the room behind, and the changed root
 * keeps the kernel from granting them again.
 */
const furnish = `mount -t tmpfs -o mode=755,size=64k,nr_inodes=1k tmpfs /sys &&
printf %s "$1" > /sys/places && mount --all --fstab /sys/places || exit 1
shift
unshare --user --root=/sys "$@"
exit $?`;

/** What Node is linked with. */
const libraries = ['/lib', '/lib64', '/usr/lib', '/usr/lib64'];
const folders = ['/usr/bin', '/bin'];
const spaces = ['--user', '--net'];
const roomSpaces = [...spaces, '--map-root-user', '--mount', '--ipc', '--pid', '--fork', '--kill-child'];

/** Where a process comes from: the folder of the tools, Node's program, and the folders that it may read, where they exist. */
interface Supplies {
  bin: string;
  node: string;
  readable: readonly string[];
  /** Folders of native code that it may load; they lie in readable ones. */
  loadable: readonly string[];
}

/** A room whose process ends with this one. */
function room({ bin, node, readable, loadable }: Supplies): Wrapper {
  const escaped = (path: string) => path.replaceAll(/[\s\\#]/g, (letter) => `\\0${letter.charCodeAt(0).toString(8)}`);
  const place = (path: string, options: string) =>
    `${escaped(path)} /sys${escaped(path)} none bind,ro,nosuid,nodev,nofail,X-mount.mkdir${options} 0 0\n`;
  const isNew = (path: string) => !libraries.some((folder) => `${path}/`.startsWith(`${folder}/`));
  const list = [
    ...libraries.map((path) => place(path, '')),
    ...[dirname(node)].filter(isNew).map((path) => place(path, '')),
    ...readable.filter(isNew).map((path) => place(path, ',noexec')),
    ...loadable.filter(isNew).map((path) => place(path, '')),
  ];
  const shell = ['sh', '-c', furnish, 'room', list.join('')];
  return [`${bin}/setpriv`, '--pdeathsig=KILL', `${bin}/unshare`, ...roomSpaces, ...shell];
}

const wrappers: Record<Isolation, (supplies: Supplies) => Wrapper | undefined> = {
  room,
  network: ({ bin }) => [`${bin}/unshare`, ...spaces],
  none: () => undefined,
};

export interface Found {
  isolation: Isolation;
  bin: string;
}

let found: Found | undefined;

/** Runs a program, without any environment. @returns whether it ended well */
export type Trial = (program: string, args: readonly string[]) => boolean;

const asThisUser: Trial = (program, args) =>
  spawnSync(program, args, { stdio: 'ignore', timeout: 5_000, env: {} }).status === 0;

/**
 * What this machine offers, found by trying; it blocks for some ten milliseconds.
 * @param node the program that is to be isolated
 * @param trial runs it as the user that matters
 */
export function findIsolation(node = process.execPath, trial = asThisUser): Found {
  for (const isolation of isolations) {
    for (const bin of folders) {
      const [program, ...args] = [
        ...(wrappers[isolation]({ bin, node, readable: [], loadable: [] }) ?? []),
        node,
        '--version',
      ];
      if (trial(program as string, args)) return { isolation, bin };
    }
  }
  return { isolation: 'none', bin: '' };
}

/**
 * What a process is to be started through; undefined where there is nothing.
 * @param readable folders that it may read; undefined where it needs all, which leaves it the machine's root folder
 * @param loadable folders in these from which it may load native code
 */
export function isolate(
  readable: readonly string[] | undefined,
  loadable: readonly string[] = [],
): Wrapper | undefined {
  found ??= findIsolation();
  const isolation = found.isolation === 'room' && readable === undefined ? 'network' : found.isolation;
  return wrappers[isolation]({ bin: found.bin, node: process.execPath, readable: readable ?? [], loadable });
}

import { createHash } from 'node:crypto';
import { chmod, chown, lstat, mkdir, readdir, readlink, realpath, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { reachable } from './reachable.ts';
import { type ServiceUser, serviceUser } from './service-user.ts';
import { USER_IDS, userIds } from './user-ids.ts';

/**
 * The folder that holds all state of one platform. Started as root, everything runs as an unprivileged user, which
 * cannot enter places like /root or a private temporary folder: the real folder then stands under /var/lib/pandect
 * and the wanted path is a symbolic link to it.
 */
export interface Home {
  root: string;
  /** What the supervisor shares with the edge. At most 80 bytes long, so that a socket's name fits into the kernel's 107. */
  run: string;
  /** Sockets of the servers, a folder for each. */
  sockets: string;
  releases: string;
  logs: string;
  files: string;
  vectors: string;
  /** What ended calls of models cost, until it is in the database. */
  calls: string;
  keys: string;
  postgres: string;
  redis: string;
  caddy: string;
  /** Compiled code of the processes, for quick starts. */
  cache: string;
  /** Whose group may enter the home, and whom PostgreSQL runs as; missing when everything runs as who started it. */
  user?: ServiceUser;
  /** Ids of users and groups of this home, see `user-ids.ts`; there with a user. */
  ids?: Record<(typeof idNames)[number], number>;
}

/** Users of Caddy and Redis; groups of the units, and of those that share files, vectors, journals of calls, the private key and the keys of secrets. */
const idNames = ['edge', 'redis', 'units', 'files', 'vectors', 'calls', 'signing', 'secrets'] as const;

/** Written by the supervisor and read by the processes it starts. */
const shared = ['run', 'releases', 'keys', 'cache'] as const;
/** Written by the processes. The supervisor keeps its hands off: as root it would follow a link planted there. */
const theirs = ['files', 'vectors', 'calls', 'postgres', 'redis', 'caddy'] as const;
const LISTED_BY_NONE = 0o711;
const folders = [...shared, ...theirs, 'logs'] as const;
const SHARED_ROOT = '/var/lib/pandect';
const LONGEST_RUN = 80;

/**
 * Makes a home, or completes one that exists. All paths are absolute and without symbolic links. Started as root, what
 * the supervisor writes stays root's and the user that everything runs as may only read it.
 * @throws when the path is taken by something else, belongs to another user, or cannot be reached
 */
export async function prepareHome(path: string): Promise<Home> {
  const user = await serviceUser();
  const wanted = resolve(path);
  await place(wanted, user);
  const root = await realpath(wanted);
  if (user && !(await reachable(dirname(root), anyProcess(user)))) throw unreachable(wanted, user);
  await claim(root, wanted, user);
  const ids = user && ((await userIds(root, idNames)) as NonNullable<Home['ids']>);

  const paths = Object.fromEntries(folders.map((name) => [name, join(root, name)])) as Record<
    (typeof folders)[number],
    string
  >;
  paths.run = await runFolder(root, user);
  const sockets = join(paths.run, 'sockets');
  const enterable = user ? LISTED_BY_NONE : 0o700;
  await makeShared(paths.run, user);
  await own(paths.releases, user ? 0o750 : 0o700, undefined, ids?.units);
  for (const folder of [paths.keys, paths.cache, sockets]) await own(folder, enterable);
  await makePrivate(paths.postgres, user);
  // Those of a home that everything ran as one user in are carried over when nothing runs there.
  await makeTheirs(paths.caddy, 0o700, ids?.edge, ids?.edge);
  await makeTheirs(paths.redis, 0o700, ids?.redis, ids?.redis);
  await makeTheirs(paths.files, ids ? 0o2770 : 0o700, undefined, ids?.files);
  await makeTheirs(paths.vectors, ids ? 0o2770 : 0o700, undefined, ids?.vectors);
  await makeTheirs(paths.calls, ids ? 0o2770 : 0o700, undefined, ids?.calls);
  const socketMode = ids ? 0o2750 : 0o700;
  await own(join(sockets, 'postgres'), socketMode, user?.uid, ids?.units);
  await own(join(sockets, 'redis'), socketMode, ids?.redis, ids?.units);
  // Processes get their log already open.
  await makePrivate(paths.logs, undefined);
  return { root, ...paths, sockets, ...(user && { user, ids: idsOf(ids) }) };
}

/** Where a home stands whose wanted path the user cannot reach. @param wanted absolute */
export const homeElsewhere = (wanted: string): string => join(SHARED_ROOT, shortHash(wanted));

/** Sees to it that something stands at the wanted path: a folder, or a link to one that the user can reach. */
async function place(wanted: string, user: ServiceUser | undefined): Promise<void> {
  const substitute = homeElsewhere(wanted);
  const existing = await lstatIfExists(wanted);
  if (existing?.isSymbolicLink()) {
    if ((await readlink(wanted)) === substitute) await makePublic(substitute);
    return;
  }
  if (existing?.isDirectory()) return;
  if (existing) throw new Error(`Prepare home "${wanted}": it exists and is not a folder`);
  if (user && !(await reachable(await nearestExisting(wanted), anyProcess(user)))) {
    await makePublic(substitute);
    await mkdir(dirname(wanted), { recursive: true });
    await symlink(substitute, wanted);
  } else await makePublic(wanted);
}

/** Refuses what is not ours, so that a mistyped path never changes the owner or the mode of somebody's folder. */
async function claim(root: string, wanted: string, user: ServiceUser | undefined): Promise<void> {
  const { uid } = await stat(root);
  const owner = user?.uid ?? process.getuid?.() ?? uid;
  if (uid !== owner && !(user && uid === 0)) {
    throw new Error(
      `Prepare home "${wanted}": it belongs to another user (${uid}): start as that user, or set PANDECT_HOME to another folder`,
    );
  }
  const entries = await readdir(root);
  const isHome = entries.includes('keys') && entries.includes('releases');
  const ours: readonly string[] = [...folders, USER_IDS, 'lost+found'];
  const foreign = isHome ? [] : entries.filter((name) => !ours.includes(name));
  if (foreign.length > 0) {
    throw new Error(
      `Prepare home "${wanted}": the folder holds other things ("${foreign[0]}"): set PANDECT_HOME to a new or empty folder`,
    );
  }
  await makeShared(root, user);
}

/** `<root>/run`, or a private folder among the temporary files where that path would be too long. */
async function runFolder(root: string, user: ServiceUser | undefined): Promise<string> {
  const usual = join(root, 'run');
  if (Buffer.byteLength(usual) <= LONGEST_RUN) return usual;
  for (const parent of new Set([await realpath(tmpdir()), await realpath('/tmp')])) {
    const folder = join(parent, `pandect-${shortHash(root)}`);
    if (Buffer.byteLength(folder) > LONGEST_RUN || (user && !(await reachable(parent, user)))) continue;
    const existing = await lstatIfExists(folder);
    const owners = [user?.uid, process.getuid?.()];
    if (existing && !(existing.isDirectory() && owners.includes(existing.uid))) {
      throw new Error(
        `Prepare folder for sockets "${folder}": it belongs to another user: remove it or shorten PANDECT_HOME`,
      );
    }
    return folder;
  }
  throw new Error(`Prepare folder for sockets "${usual}": longer than ${LONGEST_RUN} bytes: shorten PANDECT_HOME`);
}

async function makePrivate(folder: string, user: ServiceUser | undefined): Promise<void> {
  await own(folder, 0o700, user?.uid, user?.gid);
}

/** The supervisor's own folder, which the user may enter and read. */
async function makeShared(folder: string, user: ServiceUser | undefined): Promise<void> {
  await own(folder, user ? 0o750 : 0o700, process.getuid?.(), user?.gid);
}

const idsOf = (ids: Record<string, number> | undefined) =>
  Object.fromEntries(idNames.map((name) => [name, ids?.[name]])) as NonNullable<Home['ids']>;

/** A process of no user that is known by name, in the group that may enter the home. */
const anyProcess = ({ gid }: ServiceUser) => ({ uid: -1, gid });

async function makeTheirs(folder: string, mode: number, uid?: number, gid?: number): Promise<void> {
  const existing = await lstatIfExists(folder);
  if (existing?.isDirectory() && (await readdir(folder)).length > 0) return;
  await own(folder, mode, uid, gid);
}

async function own(folder: string, mode: number, uid = process.getuid?.(), gid = process.getgid?.()): Promise<void> {
  await mkdir(folder, { recursive: true, mode });
  if (!(await lstat(folder)).isDirectory()) throw new Error(`Prepare folder "${folder}": it is a link`);
  if (uid !== undefined && gid !== undefined && process.getuid?.() === 0) await chown(folder, uid, gid);
  await chmod(folder, mode);
}

/** Makes the folders that are missing, enterable by everybody whatever the umask is. */
async function makePublic(folder: string): Promise<void> {
  if (await lstatIfExists(folder)) return;
  await makePublic(dirname(folder));
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o755);
}

async function nearestExisting(path: string): Promise<string> {
  return (await lstatIfExists(path)) ? path : nearestExisting(dirname(path));
}

async function lstatIfExists(path: string) {
  try {
    return await lstat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const shortHash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12);

const unreachable = (wanted: string, user: ServiceUser) =>
  new Error(
    `Prepare home "${wanted}": user "${user.name}" cannot reach it: move it away, for example ` +
      `"mv ${wanted} ${join('/var/lib', `${basename(wanted)}-moved`)}", and set PANDECT_HOME to a place that every user can enter`,
  );

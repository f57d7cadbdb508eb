import { constants } from 'node:fs';
import { access, glob, realpath } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';

/** Programs of the operating system that the platform starts itself. */
export interface Binaries {
  /** Folder with `initdb` and `postgres`. */
  postgres: string;
  redis: string;
  caddy: string;
  /** Stores backups. */
  restic: string;
}
export type Program = keyof Binaries;

interface Places {
  /** Folders in the order they are searched. */
  path: string[];
  /** Where packages put PostgreSQL outside of PATH; the highest version wins. */
  postgres: string[];
}

const usualPlaces = (): Places => ({
  path: [
    ...(process.env.PATH ?? '').split(delimiter),
    ...['/usr/local/bin', '/usr/bin', '/usr/local/sbin', '/usr/sbin', '/opt/homebrew/bin'],
  ],
  postgres: [
    '/usr/lib/postgresql/*/bin',
    '/usr/pgsql-*/bin',
    '/usr/libexec/postgresql*',
    '/opt/homebrew/opt/postgresql@*/bin',
    '/usr/local/opt/postgresql@*/bin',
  ],
});

const packages: Record<string, { install: string } & Record<Program, string>> = {
  'Debian, Ubuntu': {
    install: './scripts/setup as root, or: apt-get install --no-install-recommends',
    postgres: 'postgresql',
    redis: 'redis-server',
    caddy: 'caddy',
    restic: 'restic',
  },
  Fedora: { install: 'dnf install', postgres: 'postgresql-server', redis: 'redis', caddy: 'caddy', restic: 'restic' },
  Alpine: { install: 'apk add', postgres: 'postgresql', redis: 'redis', caddy: 'caddy', restic: 'restic' },
  macOS: { install: 'brew install', postgres: 'postgresql@17', redis: 'redis', caddy: 'caddy', restic: 'restic' },
};

/**
 * Finds the needed programs.
 * @throws one error that names all missing programs and how to install them
 */
export async function findBinaries<P extends Program>(
  needed: readonly P[],
  places: Places = usualPlaces(),
): Promise<Pick<Binaries, P>> {
  const finders: Record<Program, () => Promise<string | undefined>> = {
    postgres: () => findPostgres(places),
    redis: () => first(places.path.map((folder) => join(folder, 'redis-server'))),
    caddy: () => first(places.path.map((folder) => join(folder, 'caddy'))),
    restic: () => first(places.path.map((folder) => join(folder, 'restic'))),
  };
  const found: Partial<Binaries> = {};
  for (const program of needed) {
    const path = await finders[program]();
    if (path) found[program] = path;
  }
  const missing = needed.filter((program) => !found[program]);
  if (missing.length > 0) throw new Error(missingMessage(missing));
  return found as Pick<Binaries, P>;
}

export function missingMessage(missing: readonly Program[]): string {
  const lines = Object.entries(packages).map(
    ([system, entry]) => `  ${system}: ${entry.install} ${missing.map((program) => entry[program]).join(' ')}`,
  );
  return [`Find programs: missing ${missing.join(', ')}; install them:`, ...lines].join('\n');
}

const findPostgres = async (places: Places): Promise<string | undefined> => (await postgresFolders(places))[0];

/** Every folder with the programs of PostgreSQL, in the order in which they are searched. */
export async function postgresFolders({ path, postgres }: Places = usualPlaces()): Promise<string[]> {
  const packaged = await Array.fromAsync(glob(postgres));
  packaged.sort((a, b) => version(b) - version(a));
  const found = new Set<string>();
  for (const folder of [...path, ...packaged]) {
    // A folder on PATH often holds links to single programs only; what they link to holds all of them.
    const server = await first([join(folder, 'postgres')]);
    const real = server && dirname(await realpath(server));
    if (real && (await first([join(real, 'initdb')]))) found.add(real);
  }
  return [...found];
}

const version = (path: string) => Number(/(\d+)(?!.*\d)/.exec(path)?.[1] ?? 0);

/** The first that may be executed. Links stay as they are: a program may act by the name it is called by. */
async function first(candidates: string[]): Promise<string | undefined> {
  for (const candidate of candidates) {
    try {
      await access(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not here; the caller reports what was found nowhere.
    }
  }
  return undefined;
}

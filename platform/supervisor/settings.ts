import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { secretKeyOf } from '../kernel/environment.ts';
import { secretsFromFiles } from '../kernel/secret-files.ts';
import type * as variables from '../kernel/variables.ts';
import { checkSettings, type Settings } from './check-settings.ts';

type Source = Record<string, string | undefined>;

/** The operator's settings as they were read last. */
export interface LiveSettings {
  readonly source: Source;
  /**
   * Reads the files again. Only processes that start from now on see what has changed.
   * @returns the names of changed settings that only a start of the platform applies; those keep their value
   * @throws ConfigurationError, and the settings stay as they were
   */
  reread(): Promise<string[]>;
}

/** The supervisor and the servers that it started work by these. */
const ofThePlatform = [
  'PANDECT_HOME',
  'PANDECT_PORT',
  'PANDECT_DOMAIN',
  'PANDECT_HOSTS',
  'PROJECT_NAME',
  'API_V1_STR',
  'PANDECT_EDGE',
  'TRUSTED_PROXIES',
  'METRICS_TOKEN',
  'METRICS_PORT',
  'DATABASE_URL',
  'DATABASE_CONNECTIONS',
  'DATABASE_POOL',
  'REDIS_URL',
  'CACHE_PREFIX',
  'JWT_PRIVATE_KEY_PATH',
  'JWT_PUBLIC_KEY_PATH',
] as const satisfies (keyof typeof variables)[];

/** The platform makes the files that these name at its start. */
const secretKeysOf = ({ variables }: Settings): string[] =>
  variables.filter((variable) => secretKeyOf(variable) !== undefined).map(({ name }) => name);

/**
 * @param environment what this process was started with, into which Node has read the files
 * @param files in the order in which they were read; a later one goes before an earlier one, the environment before all
 */
export async function openSettings(
  environment: Source,
  files: readonly string[],
  composition: Settings,
): Promise<LiveSettings> {
  const inFiles = async (): Promise<Source> =>
    Object.assign({}, ...(await Promise.all(files.map(async (file) => parseEnv(await readFile(file, 'utf8'))))));
  const first = await inFiles();
  const secrets = (from: Source) => secretsFromFiles(composition.variables, from);
  /** Processes that are given the settings get the secrets themselves: a file that has changed since would contradict them. */
  const withSecrets = (from: Source): Source => {
    const found = secrets(from);
    const files = new Set(Object.keys(found).map((name) => `${name}_FILE`));
    return { ...Object.fromEntries(Object.entries(from).filter(([name]) => !files.has(name))), ...found };
  };
  const inSecretFiles = secrets(environment);
  // systemd gives what a file says as environment as well: what is equal can change with the file.
  const given = Object.fromEntries(
    Object.entries(environment).filter(([name, value]) => first[name] !== value && !(name in inSecretFiles)),
  );
  let source = withSecrets(environment);
  return {
    get source() {
      return source;
    },
    async reread() {
      const next = withSecrets({ ...(await inFiles()), ...given });
      const pending = [...ofThePlatform, ...secretKeysOf(composition)].filter(
        (name) => (next[name] || undefined) !== (source[name] || undefined),
      );
      for (const name of pending) next[name] = source[name];
      checkSettings(composition, next);
      source = next;
      return pending;
    },
  };
}

/** The files that `scripts/pandect` had Node read its environment from. */
export const settingsFiles = (flags: readonly string[] = process.execArgv): string[] =>
  flags.flatMap((flag) => /^--env-file(?:-if-exists)?=(.+)$/.exec(flag)?.[1] ?? []);

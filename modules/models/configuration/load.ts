import { isDeepStrictEqual } from 'node:util';
import type { Database, Transaction } from '../../../db/client.ts';
import type { Environment } from '../../../platform/kernel/environment.ts';
import type { Log } from '../../../platform/kernel/log.ts';
import { promptDays } from '../prompts/prompt-days.ts';
import type { ProviderKey } from '../providers/adapter.ts';
import type { GatewayConfiguration } from './contract.ts';
import { type environmentVariables, fromEnvironment } from './from-environment.ts';
import { secretsFrom } from './key-source.ts';
import { type GatewayDefaults, missingKeys, type Resolution, resolve } from './resolve.ts';
import { openSecrets, storedSecrets } from './secrets/stored.ts';
import { newestVersion, type StoredVersion } from './versions/read.ts';

export interface LoadDeps {
  database: Pick<Database, 'transaction' | 'tenant'>;
  settings: Environment<(typeof environmentVariables)[number]>;
  /** Paths of PEM files by their variables. */
  files: ReadonlyMap<string, string>;
  defaults: GatewayDefaults;
  readKey: () => Promise<Buffer>;
  log: Pick<Log, 'info' | 'warn' | 'error'>;
}

/** A configuration in effect, and what is needed to make it again for an organization with keys of its own. */
export interface Loaded {
  version: StoredVersion;
  resolution: Resolution;
  configuration: GatewayConfiguration;
  /** Names of its keys that are not there. */
  missing: string[];
}

/** Broken versions that are passed over at a start before the environment is taken. */
const MOST_BROKEN = 20;
const DAY_MS = 86_400_000;

/**
 * What is in effect now: the newest version, or what the environment says while there is none. A version that cannot be used leaves
 * what was in effect before; at a start, the newest that can.
 */
export async function load(deps: LoadDeps, before: Loaded | undefined): Promise<Loaded> {
  const [newest, stored] = await deps.database.transaction(async (tx) => [
    await newestVersion(tx),
    await storedSecrets(tx, null),
  ]);
  const entered = await openSecrets(stored, null, () => keyOf(deps));
  const secretOf = secretsFrom(deps.settings, entered);
  const use = (version: StoredVersion): Loaded | undefined => {
    const resolution = { version: version.number, secretOf, files: deps.files, defaults: deps.defaults };
    try {
      const configuration = resolve(version.document, resolution);
      return { version, resolution, configuration, missing: missingKeys(version.document, secretOf) };
    } catch (error) {
      const { number } = version;
      deps.log.error({ version: number, error }, 'Gateway configuration: this version cannot be used');
      return undefined;
    }
  };
  const made =
    (newest && use(newest)) ??
    // With the keys of now.
    (newest && before && use(before.version)) ??
    (newest && (await deps.database.transaction((tx) => newestUsable(tx, newest.number, use)))) ??
    use({ number: 0, document: fromEnvironment(deps.settings) });
  if (!made) throw new Error('Load gateway configuration: the environment gives none');
  const { missing } = made;
  // It is read again each minute.
  if (missing.length > 0 && !isDeepStrictEqual(missing, before?.missing)) {
    deps.log.warn({ missing }, 'Gateway configuration: keys are not there');
  }
  if (made.version.number !== before?.version.number) {
    deps.log.info({ version: made.version.number }, 'Gateway configuration: in effect');
  }
  return made;
}

/** The key that entered secrets are sealed with; undefined, and a line in the log, when it cannot be read. */
async function keyOf({ readKey, log }: LoadDeps): Promise<Buffer | undefined> {
  try {
    return await readKey();
  } catch (error) {
    log.error({ error }, 'Gateway configuration: entered keys cannot be decrypted');
    return undefined;
  }
}

async function newestUsable(
  tx: Transaction,
  before: number,
  use: (version: StoredVersion) => Loaded | undefined,
): Promise<Loaded | undefined> {
  let below = before;
  for (let tried = 0; tried < MOST_BROKEN; tried++) {
    const version = await newestVersion(tx, below);
    const made = version && use(version);
    if (!version || made) return made;
    below = version.number;
  }
  return undefined;
}

/** The same with the organization's own keys in place of the platform's, and its log of prompts, where it has them. */
export async function loadFor(organizationId: string, deps: LoadDeps, loaded: Loaded): Promise<GatewayConfiguration> {
  const [stored, days] = await deps.database.tenant(organizationId, async (tx) => [
    await storedSecrets(tx, organizationId),
    await promptDays(tx, organizationId),
  ]);
  const configuration = stored.length === 0 ? loaded.configuration : await withOwnKeys(stored);
  if (days === undefined) return configuration;
  return { ...configuration, promptLog: { keepMs: Math.min(days * DAY_MS, configuration.logging.keepMs) } };

  async function withOwnKeys(own: typeof stored): Promise<GatewayConfiguration> {
    const opened = await openSecrets(own, organizationId, () => keyOf(deps));
    const ownKeys = new Map<string, ProviderKey | undefined>();
    for (const [provider, secret] of opened) {
      if (secret === undefined) deps.log.error({ provider }, 'Gateway configuration: a key cannot be decrypted');
      const id = `${provider}/${organizationId}`;
      ownKeys.set(provider, secret === undefined ? undefined : { id, secret, weight: 1 });
    }
    return resolve(loaded.version.document, { ...loaded.resolution, ownKeys });
  }
}

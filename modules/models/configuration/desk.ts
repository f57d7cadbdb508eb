import type { Database, Transaction } from '../../../db/client.ts';
import type { Environment } from '../../../platform/kernel/environment.ts';
import { Refused } from '../../../platform/kernel/refused.ts';
import type { Route } from '../routing/route.ts';
import { checkDocument } from './check-document.ts';
import type { GatewayConfiguration, GatewayDocument } from './contract.ts';
import { type environmentVariables, fromEnvironment } from './from-environment.ts';
import { filesOf, fileVariables, type KeyVariable, keyNames, keysNamedBy, secretsFrom } from './key-source.ts';
import { NAME, NAME_RULE } from './names.ts';
import { type GatewayDefaults, resolve } from './resolve.ts';
import { listSecrets, removeSecret, type ShownSecret, setSecret } from './secrets/change.ts';
import { openSecrets, storedSecrets } from './secrets/stored.ts';
import { type AddedVersion, addVersion, type NewVersion, rollBack } from './versions/add.ts';
import { type ListedVersion, listVersions, newestVersion, versionOf } from './versions/read.ts';

export interface DeskDeps {
  database: Pick<Database, 'transaction'>;
  settings: Environment<(typeof environmentVariables)[number]>;
  /** OUTBOUND_WHITELIST */
  hosts: readonly string[];
  defaults: GatewayDefaults;
  readKey: () => Promise<Buffer>;
}

/** A route as an operator is shown it. */
export interface ShownRoute {
  route: string;
  strategy: 'order' | 'weighted';
  /** Keys that are there, of each target's provider; a provider that needs none has one. */
  targets: { target: string; provider: string; model: string; weight: number; keys: number }[];
  cacheSeconds: number;
}

/** What operators do to the configuration of the gateway. Refusals say why; secrets go in and never come out. */
export interface GatewayDesk {
  /** The document in effect, or of an earlier version; version 0 is what the environment says. @throws Refused */
  show(version?: number): Promise<{ version: number; document: GatewayDocument }>;
  versions(limit: number): Promise<ListedVersion[]>;
  /** @throws DocumentMistakes naming all of them */
  apply(document: unknown, how: NewVersion): Promise<AddedVersion>;
  /** @throws Refused for an unknown version, DocumentMistakes for one that the platform could not use now */
  rollBack(version: number, how: NewVersion): Promise<AddedVersion>;
  /** What is in effect, with its secrets. */
  configuration(): Promise<GatewayConfiguration>;
  routes(): Promise<ShownRoute[]>;
  secrets(): Promise<ShownSecret[]>;
  /** @throws Refused for a name that a document could not hold */
  setSecret(name: string, secret: string): Promise<ShownSecret>;
  /** @throws Refused when there is none, or the configuration in effect names it */
  removeSecret(name: string): Promise<void>;
}

export function createDesk(deps: DeskDeps): GatewayDesk {
  const { database, settings, readKey } = deps;
  const otherwise = fromEnvironment(settings);
  const check = async (tx: Transaction, document: unknown) => {
    const secrets = await listSecrets(tx, null);
    return checkDocument(document, {
      environment: new Map(keyNames.map((name) => [name, Boolean(settings[name as KeyVariable])])),
      files: new Map(fileVariables.map(({ name }) => [name, Boolean(settings[name])])),
      secrets: new Set(secrets.map(({ name }) => name)),
      hosts: deps.hosts,
    });
  };
  const inEffect = async (tx: Transaction) => (await newestVersion(tx)) ?? { number: 0, document: otherwise };
  const inEffectNow = async () => {
    const { version, stored } = await database.transaction(async (tx) => ({
      version: await inEffect(tx),
      stored: await storedSecrets(tx, null),
    }));
    const secretOf = secretsFrom(settings, await openSecrets(stored, null, () => readKey().catch(() => undefined)));
    const { number, document } = version;
    return resolve(document, { version: number, secretOf, files: filesOf(settings), defaults: deps.defaults });
  };

  return {
    show: (version) =>
      database.transaction(async (tx) => {
        const found = version === undefined ? await inEffect(tx) : await versionOf(tx, version);
        if (!found) throw new Refused('missing', `Show gateway configuration: there is no version ${version}`);
        return { version: found.number, document: found.document };
      }),
    versions: (limit) => database.transaction((tx) => listVersions(tx, limit)),
    apply: (document, how) => addVersion(database, (tx) => check(tx, document), otherwise, how),
    rollBack: (version, how) => rollBack(database, version, check, otherwise, how),
    configuration: inEffectNow,
    routes: async () => (await inEffectNow()).routes().map(toShown),
    secrets: () => database.transaction((tx) => listSecrets(tx, null)),
    async setSecret(name, secret) {
      if (!NAME.test(name)) {
        throw new Refused('malformed', `Set gateway secret "${name}": the name ${NAME_RULE}`);
      }
      const key = await readKey();
      return database.transaction((tx) => setSecret(tx, key, { organizationId: null, name }, secret));
    },
    removeSecret: (name) =>
      database.transaction(async (tx) => {
        const { document } = await inEffect(tx);
        if (keysNamedBy(document).some((source) => 'secret' in source && source.secret === name)) {
          throw new Refused('conflict', `Remove gateway secret "${name}": the configuration in effect names it`);
        }
        if (!(await removeSecret(tx, { organizationId: null, name }))) {
          throw new Refused('missing', `Remove gateway secret "${name}": there is none`);
        }
      }),
  };
}

const toShown = ({ name, strategy, targets, cacheSeconds }: Route): ShownRoute => ({
  route: name,
  strategy,
  cacheSeconds,
  targets: targets.map(({ target, weight }) => ({
    target: target.name,
    provider: target.provider.name,
    model: target.model,
    weight,
    keys: target.provider.keys.length,
  })),
});

import { loginNames } from '../../../../db/logins.ts';
import type { ExportInput } from '../input.ts';
import { NAMES, PART_OF } from '../names.ts';
import type { Files, Resource } from '../resource.ts';
import { allKeys, variablesOf } from '../units/environment.ts';

/** More than one: nothing may be kept on the disk of a host. How many there are does not matter to a process. */
const SEVERAL = 2;

/** What the settings must say in a cluster, whatever the operator's say. */
export const fixedSettings = ({ domain }: Pick<ExportInput, 'domain'>): Record<string, string> => ({
  ENVIRONMENT: 'production',
  PANDECT_HOSTS: String(SEVERAL),
  STORAGE: 's3',
  ALLOWED_HOSTS: domain,
  PANDECT_DOMAIN: domain,
  PUBLIC_URL: `https://${domain}`,
  LOG_JSON_FORMAT: 'true',
});

/** Of servers that stand in the cluster. */
export const IN_CLUSTER = { QDRANT_URL: `http://${NAMES.qdrant}:6333` } as const;

const CHANGE = 'CHANGE-ME';

/** Names of the variables that pods read and that are no secrets, files or keys. */
export const plainNames = ({ units, variables }: ExportInput): string[] => {
  const read = new Set(units.flatMap(variablesOf));
  return variables
    .filter(({ name, secret, path }) => read.has(name) && !secret && path === undefined && name !== 'DATABASE_POOL')
    .map(({ name }) => name)
    .toSorted();
};

/** Names of the secrets that pods read, apart from the database's. */
export const secretNames = ({ units, variables }: ExportInput): string[] => {
  const read = new Set(units.flatMap(variablesOf));
  return variables
    .filter(({ name, secret }) => read.has(name) && secret && name !== 'DATABASE_URL')
    .map(({ name }) => name)
    .toSorted();
};

/** Values of the settings that have one. An empty one is as good as none. */
const settingValues = (input: ExportInput): [name: string, value: string][] => {
  const values: Record<string, string | undefined> = { ...input.settings, ...fixedSettings(input) };
  const usual: Record<string, string | undefined> = IN_CLUSTER;
  return plainNames(input).flatMap((name): [string, string][] => {
    const value = values[name] || usual[name];
    return value ? [[name, value]] : [];
  });
};

const hasLines = (value: string): boolean => /[\r\n]/.test(value);

/**
 * The ConfigMap's content, a line for each setting; what pods read and the operator has not set stands as a comment, and a value of
 * several lines in a file of its own.
 */
export function settingsFile(input: ExportInput): string {
  const values = new Map(settingValues(input));
  const lines = plainNames(input).map((name) => {
    const value = values.get(name);
    if (value === undefined) return `#${name}=`;
    return hasLines(value) ? `# ${name} has several lines: ${longPath(name)}` : `${name}=${value}`;
  });
  return [
    '# Settings of all pods, of which each is given those that its manifest names. What they mean stands in .env.example.',
    ...lines,
    '',
  ].join('\n');
}

const longPath = (name: string): string => `settings/${name}`;

/** Values of several lines, by their paths, and what the ConfigMap says of each. */
export function longSettings(input: ExportInput): { files: Files; entries: string[] } {
  const long = settingValues(input).filter(([, value]) => hasLines(value));
  return {
    files: Object.fromEntries(long.map(([name, value]) => [longPath(name), value])),
    entries: long.map(([name]) => `${name}=${longPath(name)}`),
  };
}

/** Every Secret that pods refer to, with the names of its keys. */
export const secretKeys = (input: ExportInput): Record<string, string[]> => ({
  [NAMES.database]: ['owner', ...loginNames],
  [NAMES.secrets]: secretNames(input),
  [NAMES.keys]: allKeys(input.variables).map(({ file }) => file),
});

/** Those of the servers in the cluster: the owner of the database twice, since its operator reads it in a form of its own. */
const dataSecrets = {
  'pandect-db-owner': { username: 'pandect', password: CHANGE },
  'pandect-valkey': { password: CHANGE },
  'pandect-backups': { ACCESS_KEY_ID: CHANGE, SECRET_ACCESS_KEY: CHANGE },
} as const;

/**
 * Secrets to be filled in and created by hand, outside of what `kubectl apply -k` applies: applied again, they would replace the
 * real ones.
 */
export const secretStubs = (input: ExportInput): Resource[] => {
  const ours = Object.entries(secretKeys(input)).map(
    ([name, keys]) => [name, Object.fromEntries(keys.map((key) => [key, stubValue(name, key)]))] as const,
  );
  return [...ours, ...Object.entries(dataSecrets)].map(([name, stringData]) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: input.namespace, labels: PART_OF },
    type: 'username' in stringData ? 'kubernetes.io/basic-auth' : 'Opaque',
    stringData,
  }));
};

function stubValue(secret: string, key: string): string {
  if (key === 'REDIS_URL') return `redis://:${CHANGE}@${NAMES.valkey}:6379`;
  if (secret !== NAMES.database) return secret === NAMES.keys ? CHANGE : '';
  const role = key === 'owner' ? 'pandect' : `pandect_login_${key.replaceAll('-', '_')}`;
  return `postgres://${role}:${CHANGE}@${NAMES.postgres}-rw:5432/pandect`;
}

/** The same from a store that the External Secrets Operator reads: one entry for each Secret, whose properties are its keys. */
export const externalSecrets = (input: ExportInput): Resource[] => {
  const data = Object.entries(dataSecrets).map(([name, keys]) => [name, Object.keys(keys)] as const);
  return [...Object.entries(secretKeys(input)), ...data].map(([name, keys]) => ({
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name, labels: PART_OF },
    spec: {
      refreshInterval: '1h',
      secretStoreRef: { kind: 'ClusterSecretStore', name: 'pandect' },
      target: {
        name,
        creationPolicy: 'Owner',
        ...(name === 'pandect-db-owner' && { template: { type: 'kubernetes.io/basic-auth' } }),
      },
      data: keys.map((key) => ({ secretKey: key, remoteRef: { key: name, property: key } })),
    },
  }));
};

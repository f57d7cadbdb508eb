import { secretKeyOf } from '../../../kernel/environment.ts';
import { runtimeVariables } from '../../../runtime/boot.ts';
import { loginOf } from '../../../supervisor/process/process-environment.ts';
import type { Unit } from '../../../supervisor/unit.ts';
import type { ExportInput } from '../input.ts';
import { NAMES, PORTS, type Reach } from '../names.ts';

export interface Entry {
  name: string;
  value?: string;
  valueFrom?: object;
}

/** Where folders and keys are in a pod. */
export const STATE = '/var/lib/pandect';
export const KEYS = '/run/pandect/keys';
export const AUTHORITIES = '/run/pandect/authorities';

/** What names the collector of traces, which every process reads. */
export const TRACES = 'OTEL_EXPORTER_OTLP_ENDPOINT';

/** Without it a pod cannot work; the others have defaults or switch something on. */
const NEEDED_SECRETS = new Set(['REDIS_URL']);

/** A file of the Secret with the keys that a unit is given. */
export interface MountedKey {
  variable: string;
  file: string;
}

/** Names of the variables that a unit reads, each once, in order. */
export const variablesOf = ({ manifest }: Unit): string[] =>
  [...new Set([...runtimeVariables.map(({ name }) => name), ...manifest.env])].toSorted();

/** What a container of a unit has in its environment: what its manifest names and nothing else. @param pool connections of its pool */
export function environmentOf(
  unit: Unit,
  { variables, authorities }: Pick<ExportInput, 'variables' | 'authorities'>,
  pool: number,
): Entry[] {
  const known = new Map(variables.map((variable) => [variable.name, variable]));
  const named = variablesOf(unit).flatMap((name): Entry[] => {
    const variable = known.get(name);
    if (name === 'DATABASE_URL') return databaseEntry(unit);
    if (name === 'DATABASE_POOL') return unit.manifest.database === 'none' ? [] : [{ name, value: String(pool) }];
    if (!variable) return [];
    if (variable.secret) return [{ name, valueFrom: { secretKeyRef: secretRef(name) } }];
    const file = keyFile(variable);
    if (file !== undefined) return [{ name, value: `${KEYS}/${file}` }];
    if (name in authorities) return [{ name, value: `${AUTHORITIES}/${authorityFile(name)}` }];
    if (typeof variable.path === 'object' && 'folder' in variable.path) {
      return [{ name, value: `${STATE}/${variable.path.folder}` }];
    }
    return [{ name, valueFrom: { configMapKeyRef: { name: NAMES.settings, key: name, optional: true } } }];
  });
  const ports = [
    ...(unit.kind === 'function' ? [{ name: 'PORT', value: String(PORTS.http) }] : []),
    { name: 'CONTROL_PORT', value: String(PORTS.control) },
  ];
  return [...ports, ...named];
}

const secretRef = (key: string) => ({ name: NAMES.secrets, key, ...(!NEEDED_SECRETS.has(key) && { optional: true }) });

const databaseEntry = (unit: Unit): Entry[] => {
  const login = loginOf(unit);
  return login ? [{ name: 'DATABASE_URL', valueFrom: { secretKeyRef: { name: NAMES.database, key: login } } }] : [];
};

/** Names of the signing keys are those of the variables, in lower case: `JWT_PUBLIC_KEY_PATH` is `jwt-public.pem`. */
function keyFile(variable: ExportInput['variables'][number]): string | undefined {
  if (variable.path === 'key')
    return `${variable.name
      .replace(/_KEY_PATH$/, '')
      .toLowerCase()
      .replaceAll('_', '-')}.pem`;
  return secretKeyOf(variable);
}

/** The keys that a unit is given; the Secret has more. */
export const keysOf = (unit: Unit, { variables }: Pick<ExportInput, 'variables'>): MountedKey[] => {
  const named = new Set(variablesOf(unit));
  return allKeys(variables).filter(({ variable }) => named.has(variable));
};

export const allKeys = (variables: ExportInput['variables']): MountedKey[] =>
  variables.flatMap((variable) => {
    const file = keyFile(variable);
    return file === undefined ? [] : [{ variable: variable.name, file }];
  });

/** `SMTP_CA_PATH` is `smtp-ca.pem`. */
export const authorityFile = (variable: string): string =>
  `${variable
    .replace(/_PATH$/, '')
    .toLowerCase()
    .replaceAll('_', '-')}.pem`;

/** Files with certificates of authorities that a unit reads. */
export const authoritiesOf = (unit: Unit, { authorities }: Pick<ExportInput, 'authorities'>): string[] =>
  variablesOf(unit)
    .filter((name) => name in authorities)
    .map(authorityFile);

/** Whether a unit keeps files in folders of the platform, which in a pod are its own and end with it. */
export const hasFolders = (unit: Unit, { variables }: Pick<ExportInput, 'variables'>): boolean => {
  const named = new Set(variablesOf(unit));
  return variables.some(({ name, path }) => typeof path === 'object' && 'folder' in path && named.has(name));
};

/** Servers that a unit talks to, by what it reads. */
export function reachesOf(unit: Unit, { settings }: Pick<ExportInput, 'settings'>): Reach[] {
  const named = new Set(variablesOf(unit));
  return [
    ...(unit.manifest.database === 'none' ? [] : (['database'] as const)),
    ...(named.has('REDIS_URL') ? (['redis'] as const) : []),
    ...(named.has('QDRANT_URL') ? (['vectors'] as const) : []),
    ...(named.has('OUTBOUND_WHITELIST') || named.has('STORAGE') ? (['internet'] as const) : []),
    ...(named.has('SMTP_HOST') ? (['mail'] as const) : []),
    ...(settings[TRACES] ? (['traces'] as const) : []),
  ];
}

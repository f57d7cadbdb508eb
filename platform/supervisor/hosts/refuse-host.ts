import type { Host } from './host.ts';

export interface OwnHost extends Host {
  /** `PANDECT_HOSTS` */
  hosts: number;
  /** The database was migrated by a newer version than this one. */
  isBehind: boolean;
}

/**
 * Why a host may not serve next to those that run, and what to do; undefined when it may. A newer version is welcome: it migrates the
 * database, as an upgrade does, and the others continue until they are upgraded. An older one would meet tables that it does not know.
 */
export function refuseHost(own: OwnHost, others: readonly Host[]): string | undefined {
  const [other] = others;
  if (!other) return undefined;
  const theirs = `host "${other.name}" serves this database`;
  if (own.hosts === 1) {
    return `${theirs}: set PANDECT_HOSTS on all hosts, or stop it first; it counts as gone 30 s after it was killed`;
  }
  if (others.length >= own.hosts) {
    return `PANDECT_HOSTS is ${own.hosts}, and ${others.length} others run: ${others.map(({ name }) => `"${name}"`).join(', ')}`;
  }
  if (own.keys === undefined) {
    return `${theirs}, and this home has no keys of it: run "pandect hosts export FILE" there and "pandect hosts join FILE" here`;
  }
  if (own.isBehind) return `${theirs} with the newer version ${other.version}: this one is ${own.version}, upgrade it`;
  const different = others.find(({ keys }) => keys !== own.keys);
  if (different) {
    return `host "${different.name}" has other keys: run "pandect hosts export FILE" there and join this home again with them`;
  }
  for (const [what, setting] of [
    ['storage', 'STORAGE and the bucket'],
    ['vectors', 'QDRANT_URL'],
  ] as const) {
    const elsewhere = others.find((each) => each[what] !== own[what]);
    if (elsewhere) return `host "${elsewhere.name}" has another ${setting}: ${elsewhere[what]}, here ${own[what]}`;
  }
  return undefined;
}

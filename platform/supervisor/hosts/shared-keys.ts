import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { type KnownVariable, secretKeyOf } from '../../kernel/environment.ts';
import { replaceFile } from '../../kernel/replace-file.ts';
import type { Home } from '../../services/home.ts';
import { type Places, readHomeId, writeRecord } from '../home/whole-home.ts';

/** What all hosts of a platform have alike, by its name. */
export type SharedKeys = Record<string, string>;

interface KeyPlaces {
  places: Pick<Places, 'home' | 'keys'>;
  variables: readonly KnownVariable[];
  /** The operator's settings. */
  source: Record<string, string | undefined>;
}

const JWT_PRIVATE = 'jwt-private.pem';
const JWT_PUBLIC = 'jwt-public.pem';
const LOGINS = 'database-logins.json';

/** Paths of the shared keys by their names, with the settings applied. */
function pathsOf({ places: { home, keys }, variables, source }: KeyPlaces): Map<string, string> {
  const secrets = variables.flatMap((variable): [string, string][] => {
    const file = secretKeyOf(variable);
    return file === undefined ? [] : [[file, resolve(source[variable.name] || join(home.keys, file))]];
  });
  return new Map([
    [JWT_PRIVATE, keys.privatePath],
    [JWT_PUBLIC, keys.publicPath],
    [LOGINS, join(home.keys, LOGINS)],
    ...secrets,
  ]);
}

/** Those that are there, in the base64 of their files. */
export async function readSharedKeys(from: KeyPlaces): Promise<SharedKeys> {
  const there = [...pathsOf(from)].filter(([, path]) => existsSync(path));
  return Object.fromEntries(
    await Promise.all(there.map(async ([name, path]) => [name, (await readFile(path)).toString('base64')])),
  );
}

/** A digest that tells whether two hosts have the same keys, and nothing of what they are; undefined without any. */
export async function digestOfKeys(from: KeyPlaces): Promise<string | undefined> {
  const { [JWT_PUBLIC]: _, ...keys } = await readSharedKeys(from);
  if (!(JWT_PRIVATE in keys)) return undefined;
  const hash = createHash('sha256').update('pandect hosts');
  for (const [name, content] of Object.entries(keys).toSorted()) hash.update(`\n${name} ${content}`);
  return hash.digest('hex').slice(0, 24);
}

const parcel = z.strictObject({
  pandect: z.literal('hosts'),
  home: z.uuid(),
  keys: z.record(z.string(), z.base64()),
});

/** Everything that another host needs to serve the same platform, as the text of a file. @throws before the first start */
export async function exportKeys(from: KeyPlaces): Promise<string> {
  const home = await readHomeId(from.places.home);
  const keys = await readSharedKeys(from);
  if (home === undefined || !(JWT_PRIVATE in keys)) {
    throw new Error(`Export keys of "${from.places.home.root}": no platform was started there yet`);
  }
  return `${JSON.stringify({ pandect: 'hosts', home, keys } satisfies z.output<typeof parcel>)}\n`;
}

/**
 * Makes a new home part of the platform whose keys these are.
 * @param text what `exportKeys` gave
 * @throws when it is something else, or the home has keys of its own
 */
export async function joinPlatform(to: KeyPlaces, text: string): Promise<void> {
  const { root } = to.places.home;
  const { home, keys } = readParcel(text);
  const own = await readHomeId(to.places.home);
  if (own !== undefined && own !== home) {
    throw new Error(
      `Join "${root}": it belongs to another platform (${own}, the keys are of ${home}): use an empty folder`,
    );
  }
  if (own === undefined && (await digestOfKeys(to)) !== undefined) {
    throw new Error(`Join "${root}": it has keys of its own: use an empty folder`);
  }
  const paths = pathsOf(to);
  const unknown = Object.keys(keys).filter((name) => !paths.has(name));
  if (unknown.length > 0) {
    throw new Error(
      `Join "${root}": this version does not know the key "${unknown[0]}": use the version of the other host`,
    );
  }
  for (const [name, content] of Object.entries(keys)) {
    const path = paths.get(name) as string;
    await mkdir(dirname(path), { recursive: true });
    await replaceFile(path, Buffer.from(content, 'base64'), { mode: name === JWT_PUBLIC ? 0o644 : 0o600, flush: true });
  }
  // Last: a home without it is joined again from the beginning.
  await writeRecord(to.places.home as Home, { id: home });
}

function readParcel(text: string): z.output<typeof parcel> {
  try {
    return parcel.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error('Join platform: the file is not one that "pandect hosts export" wrote', { cause });
  }
}

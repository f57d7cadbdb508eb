import { readFile, stat } from 'node:fs/promises';
import { type CryptoKey, importSPKI, type JWK, type JWTHeaderParameters } from 'jose';
import { ALGORITHM, publicKeySet } from './key-pair.ts';

/** The public keys that tokens are checked with: while keys rotate, that of before is among them. */
export interface KeyRing {
  /** The key that a token names. @throws for one that is not among them */
  find(header: Pick<JWTHeaderParameters, 'kid'>): Promise<CryptoKey>;
  /** All of them (RFC 7517). */
  set(): Promise<{ keys: JWK[] }>;
}

interface Keys {
  byId: Map<string, CryptoKey>;
  set: { keys: JWK[] };
}

/** @param path one PEM file with all keys; a process notices within a second that it was replaced */
export async function openKeyRing(path: string): Promise<KeyRing> {
  const keys = await follow(path, readKeys);
  return {
    async find({ kid = '' }) {
      // A key that is unknown may have been added in this second.
      const key = (await keys()).byId.get(kid) ?? (await keys('now')).byId.get(kid);
      if (!key) throw new Error(`Find key "${kid}": not among those in "${path}"`);
      return key;
    },
    set: async () => (await keys()).set,
  };
}

/** Every public key of a PEM file, as it stands there. */
export const publicKeysIn = (pem: string): string[] =>
  pem.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----\n?/g) ?? [];

async function readKeys(path: string): Promise<Keys> {
  const blocks = publicKeysIn(await readFile(path, 'utf8'));
  if (blocks.length === 0) throw new Error(`Read public keys "${path}": there is none`);
  const found = await Promise.all(
    blocks.map(async (pem) => {
      const key = await importSPKI(pem, ALGORITHM, { extractable: true });
      const [jwk] = (await publicKeySet(key)).keys;
      return { key, jwk: jwk as JWK };
    }),
  );
  return {
    byId: new Map(found.map(({ key, jwk }) => [jwk.kid as string, key])),
    set: { keys: found.map(({ jwk }) => jwk) },
  };
}

const LOOK_MS = 1_000;

/** What a file holds, read again when it was replaced; looked at once a second at most unless asked for `now`. */
export async function follow<T>(
  path: string,
  read: (path: string) => Promise<T>,
): Promise<(when?: 'now') => Promise<T>> {
  const markOf = async () => {
    const { ino, mtimeMs, size } = await stat(path);
    return `${ino} ${mtimeMs} ${size}`;
  };
  let mark = await markOf();
  let value = await read(path);
  let looked = performance.now();
  return async (when) => {
    if (when === undefined && performance.now() - looked < LOOK_MS) return value;
    looked = performance.now();
    const next = await markOf().catch(() => mark); // a file that is missing leaves what was read
    if (next !== mark) {
      value = await read(path);
      mark = next;
    }
    return value;
  };
}

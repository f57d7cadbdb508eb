import { createCipheriv, createDecipheriv, createHash, randomBytes, scryptSync } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Repository } from './restic.ts';

/**
 * restic works out the key of a repository from its passphrase in each call, which takes half a second of the processor by design. A
 * repository of a test has a key of the same form that takes none.
 */

const file = z.looseObject({ N: z.number(), r: z.number(), p: z.number(), salt: z.base64(), data: z.base64() });
/** The least that restic takes. */
const LIGHT = { N: 2, r: 1, p: 1 };

/** Where the key of a repository is. */
interface KeyFolder {
  names(): Promise<string[]>;
  pathOf(name: string): string;
}

export const keysIn = (repository: string): KeyFolder => ({
  names: () => readdir(join(repository, 'keys')),
  pathOf: (name) => join(repository, 'keys', name),
});

/** Has a repository made with a light key. */
export const withLightKey = (repository: Repository, keys: KeyFolder, passphrase: string): Repository => ({
  ...repository,
  async create() {
    await repository.create();
    await lightenKey(keys, passphrase);
  },
});

async function lightenKey(keys: KeyFolder, passphrase: string): Promise<void> {
  const [name = ''] = await keys.names();
  const path = keys.pathOf(name);
  const { salt, data, ...rest } = file.parse(JSON.parse(await readFile(path, 'utf8')));
  const sealed = Buffer.from(data, 'base64');
  const master = open(sealed, derive(passphrase, salt, rest));
  const light = { ...rest, ...LIGHT, salt, data: seal(master, derive(passphrase, salt, LIGHT)).toString('base64') };
  const text = JSON.stringify(light);
  await writeFile(keys.pathOf(createHash('sha256').update(text).digest('hex')), text);
  await rm(path, { force: true });
}

const NONCE_BYTES = 16;
const MAC_BYTES = 16;

interface UserKey {
  encryption: Buffer;
  /** AES key of the one-time part of Poly1305, and its fixed part. */
  mac: { k: Buffer; r: Buffer };
}

function derive(passphrase: string, salt: string, { N, r, p }: typeof LIGHT): UserKey {
  const bytes = scryptSync(passphrase, Buffer.from(salt, 'base64'), 64, { N, r, p, maxmem: 1024 ** 3 });
  return { encryption: bytes.subarray(0, 32), mac: { k: bytes.subarray(32, 48), r: bytes.subarray(48) } };
}

function open(sealed: Buffer, { encryption }: UserKey): Buffer {
  const decipher = createDecipheriv('aes-256-ctr', encryption, sealed.subarray(0, NONCE_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -MAC_BYTES)), decipher.final()]);
}

function seal(plain: Buffer, { encryption, mac }: UserKey): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-ctr', encryption, nonce);
  const content = Buffer.concat([cipher.update(plain), cipher.final()]);
  const pad = createCipheriv('aes-128-ecb', mac.k, null).setAutoPadding(false).update(nonce);
  return Buffer.concat([nonce, content, poly1305(content, mac.r, pad)]);
}

/** RFC 8439, section 2.5. */
function poly1305(message: Buffer, r: Buffer, s: Buffer): Buffer {
  const clamped = littleEndian(r) & 0x0ffffffc0ffffffc0ffffffc0fffffffn;
  let sum = 0n;
  for (let at = 0; at < message.length; at += 16) {
    const block = littleEndian(Buffer.concat([message.subarray(at, at + 16), Buffer.of(1)]));
    sum = ((sum + block) * clamped) % (2n ** 130n - 5n);
  }
  const tag = (sum + littleEndian(s)) % 2n ** 128n;
  return Buffer.from(tag.toString(16).padStart(32, '0'), 'hex').reverse();
}

const littleEndian = (bytes: Buffer): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);

import { createPublicKey } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  exportPKCS8,
  generateKeyPair,
  importPKCS8,
  importSPKI,
  type JWK,
} from 'jose';
import { replaceFile } from '../../kernel/replace-file.ts';

export const ALGORITHM = 'RS256';

/**
 * Makes the pair at first start. The private key is readable by its owner only; an existing one is never replaced, and a
 * public key that is missing next to it is made from it.
 * @throws when only the public key is there
 */
export async function ensureKeyPair(privatePath: string, publicPath: string): Promise<void> {
  const [hasPrivate, hasPublic] = [existsSync(privatePath), existsSync(publicPath)];
  if (hasPrivate && hasPublic) return;
  if (hasPublic) {
    throw new Error(
      `Prepare keys: "${publicPath}" is there and its private key "${privatePath}" is missing: restore it, or remove the public key as well`,
    );
  }
  if (!hasPrivate) {
    await mkdir(dirname(privatePath), { recursive: true, mode: 0o700 });
    await replaceFile(privatePath, await newPrivateKey());
  }
  await replaceFile(publicPath, await publicHalf(privatePath), { mode: 0o644 });
}

/** As PEM. */
export async function newPrivateKey(): Promise<string> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { modulusLength: 2048, extractable: true });
  return exportPKCS8(privateKey);
}

/** The public key of the private one in a file, as PEM. */
export async function publicHalf(privatePath: string): Promise<string> {
  const key = createPublicKey(await readFile(privatePath, 'utf8'));
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

export const readPrivateKey = async (path: string): Promise<CryptoKey> =>
  importPKCS8(await readFile(path, 'utf8'), ALGORITHM);

export const readPublicKey = async (path: string): Promise<CryptoKey> =>
  importSPKI(await readFile(path, 'utf8'), ALGORITHM, { extractable: true });

/** The public half as a JSON Web Key Set, its id being the RFC 7638 thumbprint. */
export async function publicKeySet(key: CryptoKey): Promise<{ keys: JWK[] }> {
  const jwk = await exportJWK(key);
  return { keys: [{ ...jwk, kid: await calculateJwkThumbprint(jwk), alg: ALGORITHM, use: 'sig' }] };
}

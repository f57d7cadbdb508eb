import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  exportPKCS8,
  exportSPKI,
  generateKeyPair,
  importPKCS8,
  importSPKI,
  type JWK,
} from 'jose';
import { replaceFile } from '../../kernel/replace-file.ts';

export const ALGORITHM = 'RS256';

/** Makes the pair at first start. The private key is readable by its owner only; an existing pair is left alone. */
export async function ensureKeyPair(privatePath: string, publicPath: string): Promise<void> {
  if (existsSync(privatePath) && existsSync(publicPath)) return;
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM, { modulusLength: 2048, extractable: true });
  await mkdir(dirname(privatePath), { recursive: true, mode: 0o700 });
  await replaceFile(publicPath, await exportSPKI(publicKey), { mode: 0o644 });
  await replaceFile(privatePath, await exportPKCS8(privateKey));
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

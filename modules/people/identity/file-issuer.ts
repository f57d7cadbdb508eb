import { importSPKI } from 'jose';
import { ALGORITHM, publicHalf, readPrivateKey } from '../../../platform/capabilities/signing-keys/key-pair.ts';
import { follow } from '../../../platform/capabilities/signing-keys/key-ring.ts';
import { createTokenIssuer, type TokenIssuer } from './access-token.ts';

/** Signs with the private key that a file holds at the time. @param expiresIn seconds */
export async function createFileIssuer(path: string, expiresIn: number): Promise<TokenIssuer> {
  const issuer = await follow(path, async () => {
    const publicKey = await importSPKI(await publicHalf(path), ALGORITHM, { extractable: true });
    return createTokenIssuer(await readPrivateKey(path), publicKey, expiresIn);
  });
  return { expiresIn, issue: async (...claims) => (await issuer()).issue(...claims) };
}

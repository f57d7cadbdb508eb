import { hkdfSync } from 'node:crypto';
import { seal, unseal } from '../../../../platform/capabilities/secrets/index.ts';
import { isJson } from '../../dialects/json.ts';
import type { AccessToken, TokenKey } from './token-store.ts';

/** Only who has what the token was exchanged for can read it. */
const keyOf = (secret: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', 'pandect access token', 32));

const ownerOf = ({ name }: TokenKey) => ({ organizationId: null, name });

/** The token, readable only with the secret of its key. */
export const sealToken = (token: AccessToken, key: TokenKey): string =>
  seal(keyOf(key.secret), ownerOf(key), JSON.stringify(token));

/** Undefined for anything that was not sealed for this key. */
export function openToken(sealed: string, key: TokenKey): AccessToken | undefined {
  const text = unseal(keyOf(key.secret), ownerOf(key), sealed);
  if (text === undefined) return undefined;
  const token: unknown = JSON.parse(text);
  if (!isJson(token) || typeof token.value !== 'string' || typeof token.expiresAt !== 'number') return undefined;
  return { value: token.value, expiresAt: token.expiresAt };
}

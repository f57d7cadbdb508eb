import { createHash, randomUUID } from 'node:crypto';
import type { Json } from '../../dialects/contract.ts';
import { isJson } from '../../dialects/json.ts';
import type { AdapterCall } from '../adapter.ts';
import { GIGACHAT_OAUTH_URL, GIGACHAT_SCOPE } from '../kinds.ts';
import { readSmallBody } from '../read-small-body.ts';
import type { AccessToken, TokenKey } from '../tokens/token-store.ts';
import { UpstreamError } from '../upstream-error.ts';
import { gigaChatFailure } from './failure-of.ts';

/** Tokens live 30 minutes; a clock that is wrong makes none live longer. */
const LONGEST_LIFE_MS = 1_800_000;

const scopeOf = ({ provider: { options } }: AdapterCall): string =>
  typeof options.scope === 'string' ? options.scope : GIGACHAT_SCOPE;
const urlOf = ({ provider: { options } }: AdapterCall): string =>
  typeof options.oauthUrl === 'string' ? options.oauthUrl : GIGACHAT_OAUTH_URL;

/** Names the token of a key, which depends on its scope and the server that gives it. */
export function tokenKeyOf(call: AdapterCall): TokenKey {
  const { secret } = call.key;
  const name = createHash('sha256')
    .update(`${urlOf(call)}\n${scopeOf(call)}\n${secret}`)
    .digest('hex');
  return { name: name.slice(0, 32), secret };
}

/**
 * Exchanges the authorization key of an account for a token.
 * @throws UpstreamError when that is refused
 */
export async function askToken(call: AdapterCall): Promise<AccessToken> {
  const action = `Ask provider "${call.provider.name}" for a token`;
  const response = await call.send({
    method: 'POST',
    url: urlOf(call),
    headers: {
      authorization: `Basic ${call.key.secret}`,
      rquid: randomUUID(),
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ scope: scopeOf(call) }).toString(),
  });
  const text = await readSmallBody(response.body);
  if (response.status !== 200) {
    const failure = gigaChatFailure(response.status, response.headers, text);
    // What else is sent is fixed, so that a mistake in it is one of the key or its scope.
    const isKeyWrong = response.status >= 400 && response.status < 404;
    throw new UpstreamError(action, isKeyWrong ? { ...withoutDetail(failure), reason: 'key-refused' } : failure);
  }
  const { access_token: value, expires_at: expiresAt } = parse(text);
  if (typeof value !== 'string' || typeof expiresAt !== 'number') {
    throw new UpstreamError(action, { reason: 'broken', status: 200 });
  }
  return { value, expiresAt: Math.min(expiresAt, Date.now() + LONGEST_LIFE_MS) };
}

const withoutDetail = ({ detail: _, ...failure }: ReturnType<typeof gigaChatFailure>) => failure;

function parse(text: string): Json {
  try {
    const parsed: unknown = JSON.parse(text);
    return isJson(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { AiFailure } from '../../ai-failure.ts';
import { fieldsOf, objectsOf } from '../../dialects/json.ts';
import { readBytes } from '../wire/read-bytes.ts';

const KEPT_MS = 24 * 3_600_000;
/** Between two requests for keys, as anyone can send a callback that no key has signed. */
const MIN_AGE_MS = 60_000;
const TIMEOUT_MS = 10_000;
const MAX_BYTES = 65_536;
const MOST_KEYS = 20;

/** Keys that callbacks are signed with. */
export interface WebhookKeys {
  /** Tries every key, and those of now when none of the known ones fits. @throws AiFailure when there are no keys at all */
  some(fits: (key: KeyObject) => boolean): Promise<boolean>;
}

export function createWebhookKeys(outbound: typeof fetch, jwksUrl: string, now: () => number): WebhookKeys {
  let keys: KeyObject[] = [];
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  async function read(): Promise<void> {
    try {
      const response = await outbound(jwksUrl, { signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (response.status !== 200) {
        await response.body?.cancel();
        throw new Error(`status ${response.status}`);
      }
      const body: unknown = JSON.parse((await readBytes(response, MAX_BYTES)).toString());
      const found = objectsOf(fieldsOf(body).keys).slice(0, MOST_KEYS).flatMap(toKey);
      if (found.length === 0) throw new Error('no key');
      keys = found;
    } catch (error) {
      // Old keys are better than none.
      if (keys.length === 0)
        throw new AiFailure('unreachable', 'Read the keys of callbacks of "fal"', { cause: error });
    } finally {
      readAt = now();
      reading = undefined;
    }
  }
  const renew = () => (reading ??= read());

  return {
    async some(fits) {
      if (keys.length === 0 || now() - readAt > KEPT_MS) await renew();
      if (keys.some(fits)) return true;
      if (now() - readAt < MIN_AGE_MS) return false;
      await renew();
      return keys.some(fits);
    },
  };
}

function toKey(jwk: JsonWebKey): KeyObject[] {
  if (jwk.kty !== 'OKP' || jwk.crv !== 'Ed25519') return [];
  try {
    return [createPublicKey({ key: jwk, format: 'jwk' })];
  } catch {
    return [];
  }
}

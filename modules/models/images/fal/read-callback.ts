import { createHash, verify } from 'node:crypto';
import { parseObject } from '../../dialects/json.ts';
import { appOf, referenceOf } from './addresses.ts';
import type { WebhookKeys } from './webhook-keys.ts';

const TOLERANCE_SECONDS = 300;
const SIGNATURE = /^[\da-f]{128}$/i;

/**
 * Reads a callback, see https://fal.ai/docs/documentation/model-apis/inference/webhooks. Its repeats have the same delivery key.
 * @param model which the callback does not name
 * @returns undefined unless fal signed it within five minutes
 * @throws AiFailure when there are no keys to check it with
 */
export async function readFalCallback(
  { headers, body, model }: { headers: Headers; body: Buffer; model: string },
  keys: WebhookKeys,
  now: number,
): Promise<{ reference: string; deliveryKey: string } | undefined> {
  const [requestId, userId, timestamp, signature] = ['request-id', 'user-id', 'timestamp', 'signature'].map(
    (name) => headers.get(`x-fal-webhook-${name}`) ?? '',
  ) as [string, string, string, string];
  if (!SIGNATURE.test(signature) || !/^\d{1,12}$/.test(timestamp)) return undefined;
  if (Math.abs(now / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) return undefined;
  const digest = createHash('sha256').update(body).digest('hex');
  const message = Buffer.from([requestId, userId, timestamp, digest].join('\n'));
  const signed = Buffer.from(signature, 'hex');
  if (!(await keys.some((key) => verify(null, message, key, signed)))) return undefined;
  const told = parseObject(body.toString());
  const reference = referenceOf(appOf(model), told?.request_id);
  return reference === undefined ? undefined : { reference, deliveryKey: `${reference} ${String(told?.status)}` };
}

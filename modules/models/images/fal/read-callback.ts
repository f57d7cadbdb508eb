import { createHash, verify } from 'node:crypto';
import { createOutboundFetch, type OutboundOptions } from '../../../../platform/capabilities/outbound/index.ts';
import { parseObject } from '../../dialects/json.ts';
import type { ImageModel } from '../../image-model.ts';
import { appOf, referenceOf } from './addresses.ts';
import { createWebhookKeys, type WebhookKeys } from './webhook-keys.ts';

const TOLERANCE_SECONDS = 300;
const SIGNATURE = /^[\da-f]{128}$/i;

export interface FalCallbackOptions extends Pick<OutboundOptions, 'internalHosts' | 'resolve' | 'places'> {
  jwksUrl: string;
  /** Hosts that may be called, see OUTBOUND_WHITELIST. */
  allowedHosts: readonly string[];
  /** Milliseconds since 1970. */
  now?: (() => number) | undefined;
}

/**
 * Reads callbacks, see https://fal.ai/docs/documentation/model-apis/inference/webhooks: those that fal signed within five minutes. Repeats of
 * one have the same delivery key. Needs no key of the account.
 */
export function createFalCallbackReader(options: FalCallbackOptions): NonNullable<ImageModel['readCallback']> {
  const { jwksUrl, allowedHosts, now = Date.now } = options;
  const keys = createWebhookKeys(createOutboundFetch(allowedHosts, options), jwksUrl, now);
  return async (headers, body, model) => {
    if (!(await isSigned(headers, body, keys, now()))) return undefined;
    const told = parseObject(body.toString());
    const reference = referenceOf(appOf(model), told?.request_id);
    return reference === undefined ? undefined : { reference, deliveryKey: `${reference} ${String(told?.status)}` };
  };
}

/** @throws AiFailure when there are no keys to check it with */
async function isSigned(headers: Headers, body: Buffer, keys: WebhookKeys, now: number): Promise<boolean> {
  const [requestId, userId, timestamp, signature] = ['request-id', 'user-id', 'timestamp', 'signature'].map(
    (name) => headers.get(`x-fal-webhook-${name}`) ?? '',
  ) as [string, string, string, string];
  if (!SIGNATURE.test(signature) || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) return false;
  const digest = createHash('sha256').update(body).digest('hex');
  const message = Buffer.from([requestId, userId, timestamp, digest].join('\n'));
  const signed = Buffer.from(signature, 'hex');
  return keys.some((key) => verify(null, message, key, signed));
}

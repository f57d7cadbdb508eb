import { createHmac } from 'node:crypto';

/** What every secret begins with; the rest is its bytes in base64. */
export const SECRET_PREFIX = 'whsec_';

export interface SignedMessage {
  /** The same for every try. */
  id: string;
  /** Seconds since 1970 of this try. */
  timestamp: number;
  body: string;
}

/**
 * The headers of a message by https://www.standardwebhooks.com: with a signature by each secret that is valid, so that receivers may
 * still have the one before.
 */
export function signMessage(
  { id, timestamp, body }: SignedMessage,
  secrets: readonly string[],
): Record<string, string> {
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.join(' '),
  };
}

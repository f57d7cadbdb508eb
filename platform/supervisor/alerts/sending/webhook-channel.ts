import { signMessage } from '../../../capabilities/webhooks/index.ts';
import type { AlertMessage, ToldAlert } from '../state/alert-file.ts';
import { breakOf, type Channel, ChannelFailure } from './channel.ts';
import { renderSubject } from './render-message.ts';

export interface WebhookPlace {
  url: string;
  /** `whsec_` and base64. */
  secret: string;
  outbound: typeof fetch;
  now?: () => number;
}

const TIMEOUT_MS = 20_000;

/** Posts alerts as JSON, signed by https://www.standardwebhooks.com as all callbacks of the platform. */
export function createWebhookChannel({ url, secret, outbound, now = Date.now }: WebhookPlace): Channel {
  return {
    name: 'webhook',
    async send(message, signal) {
      const body = JSON.stringify(toBody(message));
      const signed = signMessage({ id: `msg_${message.id}`, timestamp: Math.floor(now() / 1000), body }, [secret]);
      let response: Response;
      try {
        response = await outbound(url, {
          method: 'POST',
          redirect: 'manual',
          headers: { ...signed, 'user-agent': 'Pandect' },
          body,
          signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
        });
        await response.body?.cancel();
      } catch (error) {
        throw new ChannelFailure(`Post to ALERT_WEBHOOK: ${breakOf(error)}`);
      }
      if (response.ok) return;
      const seconds = Number(response.headers.get('retry-after') ?? 0);
      const retryAfterSeconds = Number.isFinite(seconds) ? seconds : 0;
      throw new ChannelFailure(`Post to ALERT_WEBHOOK: ${response.status}`, { retryAfterSeconds });
    },
    async close() {},
  };
}

const toBody = (message: AlertMessage) => ({
  type: message.isTest ? 'alerts.test' : 'alerts',
  timestamp: message.at,
  data: {
    ...{ project: message.project, host: message.host, title: renderSubject(message) },
    alerts: [
      ...message.began.map((alert) => describe('firing', alert)),
      ...message.continues.map((alert) => describe('firing', alert)),
      ...message.ended.map((alert) => describe('resolved', alert)),
    ],
  },
});

const describe = (status: 'firing' | 'resolved', { rule, ...alert }: ToldAlert) => ({ name: rule, status, ...alert });

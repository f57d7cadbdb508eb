import { createOutboundFetch } from '../../../capabilities/outbound/index.ts';
import type { Source } from '../../../kernel/composition.ts';
import { readEnvironment } from '../../../kernel/environment.ts';
import * as variables from '../../../kernel/variables.ts';
import { breakOf, type Channel, ChannelFailure } from './channel.ts';
import { createEmailChannel } from './email-channel.ts';
import { createTelegramChannel } from './telegram-channel.ts';
import { createWebhookChannel } from './webhook-channel.ts';

const needed = [
  variables.ALERT_EMAIL,
  variables.ALERT_TELEGRAM_TOKEN,
  variables.ALERT_TELEGRAM_CHAT,
  variables.ALERT_WEBHOOK,
  variables.ALERT_WEBHOOK_SECRET,
  variables.ALERT_HEARTBEAT_URL,
  variables.ALERT_QUIET_HOURS,
  variables.TELEGRAM_API_URL,
  variables.OUTBOUND_WHITELIST,
  variables.OUTBOUND_INTERNAL_HOSTS,
  variables.PROJECT_NAME,
  variables.SMTP_HOST,
  variables.SMTP_PORT,
  variables.SMTP_USER,
  variables.SMTP_PASSWORD,
  variables.SMTP_FROM,
  variables.SMTP_TLS,
  variables.SMTP_CA_PATH,
];

/** What the settings say of sending alerts. */
export interface Channels {
  all: Channel[];
  quietHours: string | undefined;
  project: string;
  /** Tells the service of ALERT_HEARTBEAT_URL that alerts work; undefined without one. @throws ChannelFailure */
  beat: ((signal: AbortSignal) => Promise<void>) | undefined;
  close(): Promise<void>;
}

const BEAT_TIMEOUT_MS = 10_000;

export function openChannels(source: Source): Channels {
  const settings = readEnvironment(needed, source);
  const outbound = createOutboundFetch(settings.OUTBOUND_WHITELIST, {
    internalHosts: settings.OUTBOUND_INTERNAL_HOSTS,
  });
  const all: Channel[] = [];
  if (settings.ALERT_EMAIL.length > 0) all.push(createEmailChannel(settings, settings.ALERT_EMAIL));
  const { ALERT_TELEGRAM_TOKEN: token, ALERT_TELEGRAM_CHAT: chat, TELEGRAM_API_URL: baseUrl } = settings;
  if (token && chat) all.push(createTelegramChannel({ baseUrl, token, chat, outbound }));
  const { ALERT_WEBHOOK: url, ALERT_WEBHOOK_SECRET: secret, ALERT_HEARTBEAT_URL: heartbeat } = settings;
  if (url && secret) all.push(createWebhookChannel({ url, secret, outbound }));
  return {
    all,
    quietHours: settings.ALERT_QUIET_HOURS,
    project: settings.PROJECT_NAME,
    beat: heartbeat === undefined ? undefined : (signal) => beat(heartbeat, outbound, signal),
    close: async () => void (await Promise.all(all.map((channel) => channel.close()))),
  };
}

async function beat(url: string, outbound: typeof fetch, signal: AbortSignal): Promise<void> {
  let response: Response;
  try {
    response = await outbound(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(BEAT_TIMEOUT_MS)]) });
    await response.body?.cancel();
  } catch (error) {
    throw new ChannelFailure(`Ask ALERT_HEARTBEAT_URL: ${breakOf(error)}`);
  }
  if (!response.ok) throw new ChannelFailure(`Ask ALERT_HEARTBEAT_URL: ${response.status}`);
}

import { notAllowed, notOutbound } from '../../capabilities/outbound/not-outbound.ts';
import type { Source } from '../../kernel/composition.ts';
import { parseEnvironment, together, type Variable } from '../../kernel/environment.ts';
import {
  ALERT_EMAIL,
  ALERT_HEARTBEAT_URL,
  ALERT_TELEGRAM_CHAT,
  ALERT_TELEGRAM_TOKEN,
  ALERT_WEBHOOK,
  ALERT_WEBHOOK_SECRET,
  SMTP_HOST,
  TELEGRAM_API_URL,
} from '../../kernel/variables.ts';

/** What the settings of alerts ask of each other: a line for each mistake. */
export const checkAlertSettings = (source: Source): string[] => [
  ...together([ALERT_EMAIL, SMTP_HOST], source),
  ...together([ALERT_TELEGRAM_TOKEN, ALERT_TELEGRAM_CHAT], source),
  ...together([ALERT_TELEGRAM_CHAT, ALERT_TELEGRAM_TOKEN], source),
  ...together([ALERT_WEBHOOK, ALERT_WEBHOOK_SECRET], source),
  ...notOutbound(ALERT_WEBHOOK, source),
  ...notOutbound(ALERT_HEARTBEAT_URL, source),
  ...(source[ALERT_TELEGRAM_TOKEN.name] ? notTelegram(source) : []),
];

function notTelegram(source: Source): string[] {
  const { values } = parseEnvironment<Variable>([TELEGRAM_API_URL], source);
  const url = values.TELEGRAM_API_URL as string | undefined;
  return url === undefined ? [] : notAllowed(url, 'which alerts are sent over (ALERT_TELEGRAM_TOKEN)', source);
}

import { notOutbound } from '../../platform/capabilities/outbound/not-outbound.ts';
import type { Source } from '../../platform/kernel/composition.ts';
import { together } from '../../platform/kernel/environment.ts';
import { SMTP_PASSWORD, SMTP_USER, TELEGRAM_API_URL } from '../../platform/kernel/variables.ts';

/** What the settings of the mail server and of Telegram ask of each other: a line for each mistake. */
export const checkMessageSettings = (source: Source): string[] => [
  ...together([SMTP_USER, SMTP_PASSWORD], source),
  // Platforms without bots may leave its usual host out.
  ...(source[TELEGRAM_API_URL.name] ? notOutbound(TELEGRAM_API_URL, source) : []),
];

import { createOutboundFetch } from '../../../../platform/capabilities/outbound/index.ts';
import {
  OUTBOUND_INTERNAL_HOSTS,
  OUTBOUND_WHITELIST,
  TELEGRAM_API_URL,
} from '../../../../platform/kernel/variables.ts';
import { defineProvider } from '../../../../platform/runtime/boot.ts';
import { createTelegramClient, type TelegramClient } from './telegram-client.ts';

/** Opens a bot at Telegram by its token. */
export type Telegram = (token: string) => TelegramClient;

export const telegram = defineProvider(
  [TELEGRAM_API_URL, OUTBOUND_WHITELIST, OUTBOUND_INTERNAL_HOSTS],
  (_, { TELEGRAM_API_URL: baseUrl, OUTBOUND_WHITELIST, OUTBOUND_INTERNAL_HOSTS }): Telegram => {
    const outbound = createOutboundFetch(OUTBOUND_WHITELIST, { internalHosts: OUTBOUND_INTERNAL_HOSTS });
    return (token) => createTelegramClient({ baseUrl, token, outbound });
  },
);

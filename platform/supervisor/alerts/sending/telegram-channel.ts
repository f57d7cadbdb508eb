import { z } from 'zod';
import { breakOf, type Channel, ChannelFailure } from './channel.ts';
import { renderText } from './render-message.ts';

export interface TelegramPlace {
  /** Address of the Bot API. */
  baseUrl: string;
  token: string;
  chat: string;
  outbound: typeof fetch;
}

/** https://core.telegram.org/bots/api#sendmessage */
const MOST_CHARACTERS = 4_096;
const TIMEOUT_MS = 20_000;

const refusalSchema = z.object({
  description: z.string().default(''),
  parameters: z.object({ retry_after: z.number().optional(), migrate_to_chat_id: z.number().optional() }).default({}),
});

/** Writes alerts into a chat. The token is a part of every address, so that no address is ever in an error. */
export function createTelegramChannel({ baseUrl, token, chat, outbound }: TelegramPlace): Channel {
  const address = `${baseUrl.replace(/\/+$/, '')}/bot${token}/sendMessage`;
  return {
    name: 'telegram',
    async send(message, signal) {
      const whole = renderText(message);
      const text = whole.length > MOST_CHARACTERS ? `${whole.slice(0, MOST_CHARACTERS - 1)}…` : whole;
      let response: Response;
      let body: unknown;
      try {
        response = await outbound(address, {
          method: 'POST',
          redirect: 'error',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ chat_id: chat, text, link_preview_options: { is_disabled: true } }),
          signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
        });
        body = await response.json().catch(() => undefined);
      } catch (error) {
        throw new ChannelFailure(`Send to Telegram: ${breakOf(error)}`);
      }
      if (response.status === 200) return;
      const { data } = refusalSchema.safeParse(body);
      const { retry_after: retryAfterSeconds = 0, migrate_to_chat_id: movedTo } = data?.parameters ?? {};
      const moved = movedTo === undefined ? '' : `; ALERT_TELEGRAM_CHAT is now ${movedTo}`;
      const said = data?.description.slice(0, 200) ?? '';
      throw new ChannelFailure(`Send to Telegram: ${response.status} ${said}`.trim() + moved, { retryAfterSeconds });
    },
    async close() {},
  };
}

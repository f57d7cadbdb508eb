import { z } from 'zod';
import { defineJob } from '../../../platform/capabilities/queue/index.ts';

/** Sends what is stored for a chat, in order. */
export const sendJob = defineJob({
  queue: 'sending',
  schema: z.strictObject({ organizationId: z.uuid(), botId: z.uuid(), chatId: z.string() }),
  group: ({ botId, chatId }) => chatKey(botId, chatId),
});

/** Asks Telegram for the updates of a bot once, and sends itself again. */
export const pollJob = defineJob({
  queue: 'polling',
  schema: z.strictObject({ organizationId: z.uuid(), botId: z.uuid() }),
  group: ({ botId }) => botId,
});

/** Names a chat of a bot; chats of several bots may have one id. */
export const chatKey = (botId: string, chatId: string): string => `${botId}:${chatId}`;

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { startTelegramServer } from '../../platform/testing/telegram-server.ts';

const inChat = { token: z.string(), person: z.string() };
const orderSchema = z.discriminatedUnion('make', [
  z.strictObject({ make: z.literal('bot'), username: z.string().optional() }),
  z.strictObject({ make: z.literal('message'), ...inChat, text: z.string() }),
  z.strictObject({ make: z.literal('press'), ...inChat, button: z.string(), messageId: z.number() }),
  z.strictObject({
    ...{ make: z.literal('wait'), ...inChat, match: z.string(), timeoutMs: z.number(), after: z.number() },
  }),
]);
export type TelegramOrder = z.input<typeof orderSchema>;

export interface ControlledTelegram {
  /** In place of https://api.telegram.org, and its host. */
  url: string;
  host: string;
  /** Takes a `TelegramOrder` by POST, from every process. */
  control: string;
  close(): Promise<void>;
}

/**
 * The Telegram of tests, where tests of other processes make bots, and people who write to them in English.
 * @param host that the platform reaches it at
 */
export async function startControlledTelegram(host?: string): Promise<ControlledTelegram> {
  const telegram = await startTelegramServer({}, host);
  const carryOut = async (order: z.output<typeof orderSchema>): Promise<object> => {
    if (order.make === 'bot') return telegram.addBot(order.username);
    const user = telegram.user(order.person, { token: order.token });
    if (order.make === 'message') return { id: user.send(order.text) };
    if (order.make === 'wait') return user.waitFor(order.match, order);
    return { shown: await user.press(order.button, order.messageId) };
  };
  const server = createServer(async (request, response) => {
    try {
      response.end(JSON.stringify(await carryOut(orderSchema.parse(await json(request)))));
    } catch (error) {
      response.writeHead(400).end(String(error));
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    ...{ url: telegram.url, host: telegram.host },
    control: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await telegram.close();
    },
  };
}

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { startTelegramServer } from '../../platform/testing/telegram-server.ts';

const orderSchema = z.discriminatedUnion('make', [
  z.strictObject({ make: z.literal('bot'), username: z.string().optional() }),
  z.strictObject({ make: z.literal('message'), token: z.string(), person: z.string(), text: z.string() }),
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

/** The Telegram of tests, where tests of other processes make bots, and people who write to them in English. */
export async function startControlledTelegram(): Promise<ControlledTelegram> {
  const telegram = await startTelegramServer();
  const carryOut = (order: z.output<typeof orderSchema>): object => {
    if (order.make === 'bot') return telegram.addBot(order.username);
    telegram.user(order.person, { token: order.token }).send(order.text);
    return {};
  };
  const server = createServer(async (request, response) => {
    try {
      response.end(JSON.stringify(carryOut(orderSchema.parse(await json(request)))));
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

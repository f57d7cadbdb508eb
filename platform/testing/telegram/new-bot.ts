import type { TelegramBot } from './state.ts';

export function newBot(id: number, username: string, token: string): TelegramBot {
  return {
    info: { id, is_bot: true, first_name: username, username },
    ...{ token, isRevoked: false, chats: new Map(), files: new Map(), nextMessageId: 1 },
    ...{ nextUpdateId: 100_000_000 + Math.floor(Math.random() * 800_000_000), pending: [] },
    ...{ allowedUpdates: undefined, webhook: undefined, poll: undefined, commands: new Map() },
    ...{ stars: 0, transactions: [], charges: new Map(), links: new Map() },
    ...{ checkouts: new Map(), callbacks: new Map() },
  };
}

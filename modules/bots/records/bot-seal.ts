import { createHmac } from 'node:crypto';
import { readSecretsKey, seal, unseal } from '../../../platform/capabilities/secrets/index.ts';
import { toUuid } from '../../commerce/metering/index.ts';

/** What is done with the key of bots. */
export interface BotSeal {
  seal(owner: Sealed, text: string): Promise<string>;
  /** @throws Error when it was encrypted with another key */
  open(owner: Sealed, ciphertext: string): Promise<string>;
  /** The id of a person of a bot: the same each time, and of no use to find the person without the key. */
  idOf(botId: string, telegramId: string): Promise<string>;
}

interface Sealed {
  organizationId: string;
  botId: string;
  kind: 'token' | 'secret';
}

export function createBotSeal(keyPath: string): BotSeal {
  let key: Promise<Buffer> | undefined;
  const read = () => {
    key ??= readSecretsKey(keyPath);
    key.catch(() => (key = undefined));
    return key;
  };
  const ownerOf = ({ organizationId, botId, kind }: Sealed) => ({ organizationId, name: `${kind} ${botId}` });
  return {
    seal: async (owner, text) => seal(await read(), ownerOf(owner), text),
    async open(owner, ciphertext) {
      const text = unseal(await read(), ownerOf(owner), ciphertext);
      if (text === undefined) throw new Error(`Open ${owner.kind} of a bot: it was encrypted with another key`);
      return text;
    },
    async idOf(botId, telegramId) {
      const hash = createHmac('sha256', await read()).update(JSON.stringify([botId, telegramId]));
      return toUuid(hash.digest());
    },
  };
}

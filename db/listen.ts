import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type ConnectionOptions, openConnection } from './pool.ts';

/** Long enough not to weigh on a server that starts, short enough that no one waits for it. */
const RETRY_MS = 200;

/**
 * Calls back for each `NOTIFY` on a channel, over a connection of its own. When that is lost another is opened as soon as
 * there is one, and `onListen` is called again: what was announced in between is not repeated.
 * @throws when the first connection fails
 */
export async function listen(
  options: ConnectionOptions,
  channel: string,
  onPayload: (payload: string) => void,
  onListen: () => void = () => {},
): Promise<{ close(): Promise<void> }> {
  let closed = false;
  let current: pg.Client | undefined;

  const open = async () => {
    const client = await openConnection(options);
    const end = new Promise((resolve) => client.once('end', resolve));
    client.on('notification', ({ payload }) => onPayload(payload ?? ''));
    try {
      await client.query(`listen ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      await client.end();
      throw error;
    }
    if (closed) return client.end();
    current = client;
    void end.then(reopen);
    onListen();
  };
  const reopen = async (): Promise<void> => {
    if (closed) return;
    await sleep(RETRY_MS);
    if (!closed) await open().catch(reopen);
  };

  await open();
  return {
    async close() {
      closed = true;
      await current?.end();
    },
  };
}

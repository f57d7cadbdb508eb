import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type ConnectionOptions, openConnection } from './pool.ts';

/** Soon after a loss, since someone waits; less often the longer the server is down, so that all processes do not weigh on its start. */
const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 1_000;

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
  const ended = new AbortController();
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
    if (ended.signal.aborted) return client.end();
    current = client;
    void end.then(reopen);
    onListen();
  };
  const reopen = async (): Promise<void> => {
    for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_RETRY_MS)) {
      await sleep(waitMs, undefined, { signal: ended.signal }).catch(() => {});
      if (ended.signal.aborted) return;
      const isOpen = await open().then(
        () => true,
        () => false,
      );
      if (isOpen) return;
    }
  };

  await open();
  return {
    async close() {
      ended.abort();
      await current?.end();
    },
  };
}

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between a client and its database, so that a test can take the database away. */
export interface Proxy {
  /** The database's URL with the proxy's address. */
  url: string;
  /** Ends all connections, orderly (FIN) or not (RST). */
  cut(how: 'end' | 'reset'): void;
  /** Resets the connection that sends these words first, before they get to the server. */
  cutAt(words: string): void;
  /** Resets a connection at its next `commit` once it has sent these words: when the server has answered, or before it is asked. */
  cutAtCommit(moment: 'after' | 'before', words: string): void;
  /** Ends them and takes no more, until it is opened again at the same address. */
  shut(): Promise<void>;
  open(): Promise<void>;
}

/** @param databaseUrl with the folder of a unix socket as its `host`, or of a server on the network */
export async function openProxy(databaseUrl: string): Promise<Proxy> {
  const { hostname, port, searchParams } = new URL(databaseUrl);
  const folder = searchParams.get('host');
  const pairs = new Set<[Socket, Socket]>();
  let cutWords: string | undefined;
  let commitCut: { moment: 'after' | 'before'; words: string } | undefined;
  const server = createServer((inner) => {
    const outer = folder ? connect(`${folder}/.s.PGSQL.${port || 5432}`) : connect(Number(port), hostname);
    const pair: [Socket, Socket] = [inner, outer];
    pairs.add(pair);
    let isMarked = false;
    inner.on('data', (sent) => {
      if (cutWords !== undefined && sent.includes(cutWords)) {
        cutWords = undefined;
        return void inner.resetAndDestroy();
      }
      if (commitCut && sent.includes(commitCut.words)) isMarked = true;
      if (!commitCut || !isMarked || !sent.includes('commit\0')) return void outer.write(sent);
      const { moment } = commitCut;
      commitCut = undefined;
      if (moment === 'before') return void inner.resetAndDestroy();
      outer.removeAllListeners('data').once('data', () => inner.resetAndDestroy());
      outer.write(sent);
    });
    outer.on('data', (answered) => inner.write(answered));
    inner.on('end', () => outer.end());
    outer.on('end', () => inner.end());
    for (const socket of pair) {
      socket.on('error', () => {});
      socket.on('close', () => {
        for (const other of pair) other.destroy();
        pairs.delete(pair);
      });
    }
  });
  const cut = (how: 'end' | 'reset') => {
    for (const [inner] of pairs) how === 'end' ? inner.destroy() : inner.resetAndDestroy();
  };
  let own = 0;
  const open = async () => {
    server.listen(own, '127.0.0.1');
    await once(server, 'listening');
    own = (server.address() as AddressInfo).port;
  };
  await open();
  const url = new URL(databaseUrl);
  url.searchParams.delete('host');
  url.host = `127.0.0.1:${own}`;
  return {
    url: url.href,
    cut,
    cutAt(words) {
      cutWords = words;
    },
    cutAtCommit(moment, words) {
      commitCut = { moment, words };
    },
    open,
    async shut() {
      const closed = once(server, 'close');
      server.close();
      cut('end');
      await closed;
    },
  };
}

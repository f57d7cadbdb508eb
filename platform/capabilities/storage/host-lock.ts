import { connect, createServer, type Server, type Socket } from 'node:net';

export interface HostLock {
  release(): Promise<void>;
}

/** Between two attempts where the holder cannot be reached, as in the moment in which it lets go. */
const PAUSE_MS = 20;

/**
 * Holds a name among all processes of this machine. It is a unix socket in Linux's abstract namespace: binding it is
 * atomic, and the kernel lets go of it when the process ends, however it ends, so that there is nothing stale to find.
 * Who waits connects to it, by which the holder learns that it is wanted, and sees it closed when it was let go.
 * @param onWanted called for each other who waits; the holder should then come to an end
 * @throws the signal's reason when it is aborted before the name was had
 */
export async function takeHostLock(name: string, onWanted: () => void, signal: AbortSignal): Promise<HostLock> {
  const path = `\0pandect/${name}`;
  for (;;) {
    signal.throwIfAborted();
    const waiting = new Set<Socket>();
    const server = createServer((socket) => {
      waiting.add(socket);
      socket.on('error', () => {}).on('close', () => waiting.delete(socket));
      onWanted();
    });
    if (await isBound(server, path)) {
      return {
        release: () =>
          new Promise((resolve) => {
            server.close(() => resolve());
            for (const socket of waiting) socket.destroy();
          }),
      };
    }
    await released(path, signal);
  }
}

function isBound(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    server.listen({ path }, () => resolve(true));
  });
}

/** Waits for the holder to close our connection; at once when no one answers any more. */
async function released(path: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const socket = connect({ path });
  const stop = () => socket.destroy();
  signal.addEventListener('abort', stop, { once: true });
  await new Promise<void>((resolve) => {
    socket.on('error', () => {}).on('close', () => resolve());
    socket.resume();
  });
  signal.removeEventListener('abort', stop);
  if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}

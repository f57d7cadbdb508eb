import { chmod, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect } from 'node:net';
import type { Home } from '../services/home.ts';
import { controlSocket } from './socket-path.ts';

/** A home that this process alone works in. */
export interface Claim {
  /** Answers at the control socket from now on; before, every request hears that the platform is starting. */
  serve(listener: RequestListener): void;
  release(): void;
}

/**
 * Takes a home by listening at its control socket, which a second process then finds in use. A socket that nobody
 * answers at was left by a killed one and is replaced.
 * @throws when a platform starts or runs there
 */
export async function claimHome(home: Home): Promise<Claim> {
  const path = controlSocket(home.run);
  let listener: RequestListener = (_, response) => {
    response.writeHead(503).end(JSON.stringify({ message: `Ask platform in "${home.root}": it is starting` }));
  };
  const server = createServer((request, response) => listener(request, response));
  try {
    await listenAt(server, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || (await answers(path))) {
      throw new Error(`Start platform in "${home.root}": one is running there; see pandect ps`, { cause: error });
    }
    await rm(path);
    await listenAt(server, path);
  }
  // Only the operator may command; functions run as another user where that is possible.
  await chmod(path, 0o600);
  return {
    serve(next) {
      listener = next;
    },
    release: () => void server.close(),
  };
}

const listenAt = (server: Server, path: string) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });

const answers = (path: string) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(path);
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });

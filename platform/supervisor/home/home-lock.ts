import { chmod, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Home } from '../../services/home.ts';
import { controlSocket } from '../traffic/socket-path.ts';

/** A home that this process alone works in. */
export interface HomeLock {
  /** Answers at the control socket from now on; before, every request hears that the platform is starting. */
  serve(listener: RequestListener): void;
  release(): void;
}

/**
 * Locks a home: an exclusive lock, which ends with the process however it ends, and the control socket.
 * @throws when a platform starts or runs there
 */
export async function lockHome(home: Home): Promise<HomeLock> {
  const lock = acquireLock(home);
  const path = controlSocket(home.run);
  let listener: RequestListener = (_, response) => {
    response.writeHead(503).end(JSON.stringify({ message: `Ask platform in "${home.root}": it is starting` }));
  };
  const server = createServer((request, response) => listener(request, response));
  await rm(path, { force: true }); // left by a killed one, as the lock is ours
  await listenAt(server, path);
  // Only the operator may command; functions run as another user where that is possible.
  await chmod(path, 0o600);
  return {
    serve(next) {
      listener = next;
    },
    release() {
      server.close();
      lock.close();
    },
  };
}

/** Node has no file locks of its own; SQLite's are the operating system's. */
function acquireLock(home: Home): DatabaseSync {
  const lock = new DatabaseSync(join(home.root, 'claim.lock'));
  try {
    lock.exec('begin exclusive');
    return lock;
  } catch (cause) {
    lock.close();
    throw new Error(`Start platform in "${home.root}": one is running there; see pandect ps`, { cause });
  }
}

const listenAt = (server: Server, path: string) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });

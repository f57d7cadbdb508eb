import { chmod } from 'node:fs/promises';
import type { Home } from '../../services/home.ts';
import { giveTo } from '../../services/service-user.ts';
import { userIds } from '../../services/user-ids.ts';
import { serveSocket } from '../control/serve-socket.ts';
import { CONSOLE_UNIT } from '../process/process-environment.ts';
import { consoleSocket } from '../traffic/socket-path.ts';
import { type ConsolePlatform, createConsole } from './create-console.ts';

/** Answers the console on its own socket, which only its unit's user may open. @returns what ends that, with all that is followed */
export async function serveConsole(platform: ConsolePlatform): Promise<() => void> {
  const { app, close } = createConsole(platform);
  const path = consoleSocket(platform.home.run);
  const server = await serveSocket(app, path);
  await chmod(path, 0o600);
  await giveTo(await userOf(platform.home), path);
  return () => {
    close();
    server.close();
    server.closeAllConnections();
  };
}

/** Undefined where all units run as who started them. */
async function userOf({ root, ids }: Home): Promise<{ uid: number; gid: number } | undefined> {
  if (!ids) return undefined;
  const { [CONSOLE_UNIT]: id = 0 } = await userIds(root, [CONSOLE_UNIT]);
  return { uid: id, gid: id };
}

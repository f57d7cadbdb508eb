import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Hono } from 'hono';
import * as module from '../../../../functions/operator/app.ts';
import manifest from '../../../../functions/operator/function.ts';
import { temporaryHome } from '../../../services/temporary-home.ts';
import { describeFailure } from '../../../supervisor/control/control.ts';
import { forward } from '../../../supervisor/control/forward.ts';
import { serveSocket } from '../../../supervisor/control/serve-socket.ts';
import { controlSocket, slotPath } from '../../../supervisor/traffic/socket-path.ts';
import { testApp } from '../../../testing/app.ts';
import type { TestDatabase } from '../../../testing/database.ts';
import type { TestEnvironment } from '../../../testing/process.ts';

/**
 * A home whose control socket passes the operator's commands on to the function, as a supervisor does, without a platform around.
 * @param routes what else the control socket answers
 * @param environment what the operator has set
 */
export async function operatorControl(
  database: TestDatabase,
  routes = new Hono(),
  environment: TestEnvironment = {},
): Promise<{ path: string; log(): string[]; close(): Promise<void> }> {
  const { home, path, remove } = await temporaryHome();
  const app = await testApp(database, { name: 'operator', manifest, module }, { environment });
  const slot = slotPath(home.run, 'operator', 0);
  await mkdir(dirname(slot), { recursive: true });
  const servers = [
    await serveSocket(app as unknown as Hono, slot),
    await serveSocket(
      routes.all('/operator/*', (c) => forward(c, 'operator', slot)).onError(describeFailure),
      controlSocket(home.run),
    ),
  ];
  return {
    path,
    /** Lines of the function's log. */
    log: () => app.log.map((line) => JSON.stringify(line)),
    async close() {
      for (const server of servers) server.close();
      await app.close();
      await remove();
    },
  };
}

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { serveSocket } from '../../platform/supervisor/control/serve-socket.ts';
import { type TestApp, testApp } from '../../platform/testing/app.ts';
import type { TestDatabase } from '../../platform/testing/database.ts';
import type { TestEnvironment } from '../../platform/testing/process.ts';
import * as module from '../operator/app.ts';
import manifest from '../operator/function.ts';

/** The function that the supervisor passes requests on to, where it looks for it. */
export async function serveOperator(
  database: TestDatabase,
  run: string,
  environment: TestEnvironment = {},
): Promise<TestApp> {
  const app = await testApp(database, { name: 'operator', manifest, module }, { environment });
  await mkdir(join(run, 'operator'));
  const server = await serveSocket(app as never, join(run, 'operator', '0.sock'));
  afterAll(async () => {
    server.close();
    server.closeAllConnections();
    await app.close();
  });
  return app;
}

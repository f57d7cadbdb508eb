import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { openProxy } from '../../db/proxy.fixture.ts';
import { testDatabase } from '../testing/database.ts';

it('a supervisor continues when a connection is lost as soon as it is open', async () => {
  const database = await testDatabase();
  const proxy = await openProxy(database.ownerUrl);
  proxy.cutAt('pg_catalog.pg_type');
  const program = fileURLToPath(new URL('./lost-connections.fixture.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program, proxy.url]);
  expect(stdout).toBe('continues');
  await proxy.shut();
  await database.close();
});

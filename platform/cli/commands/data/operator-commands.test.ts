import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { temporaryHome } from '../../../services/temporary-home.ts';
import { commandEnvironment } from '../../../testing/command-environment.ts';

const { path, remove } = await temporaryHome();
afterAll(remove);
const main = join(import.meta.dirname, '../../../../pandect.ts');

it.each([
  ['admin', 'list'],
  ['admin', 'create', 'a@example.org'],
  ['admin', 'tier', 'a@example.org', 'basic'],
  ['billing', 'check'],
  ['files', 'missing'],
  ['gateway', 'routes'],
  ['images', 'list'],
  ['jobs', 'list'],
  ['reindex'],
  ['usage', 'reconcile'],
])('says that %s %s needs a platform that runs, and how to start it', async (...args) => {
  const env = { ...commandEnvironment, PANDECT_HOME: path, NO_COLOR: '1' };
  const failed = promisify(execFile)(process.execPath, [main, ...args], { env });
  await expect(failed).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^Ask platform in ".+": none is running; start it with \.\/scripts\/up\n$/),
  });
});

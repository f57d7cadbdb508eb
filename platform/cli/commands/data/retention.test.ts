import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Hono } from 'hono';
import { afterAll, expect, it } from 'vitest';
import { temporaryHome } from '../../../services/temporary-home.ts';
import { serveSocket } from '../../../supervisor/control/serve-socket.ts';
import { controlSocket } from '../../../supervisor/traffic/socket-path.ts';
import { commandEnvironment } from '../../../testing/command-environment.ts';

const { home, path, remove } = await temporaryHome();
const asked: unknown[] = [];
const operator = new Hono()
  .get('/operator/retention', (c) => c.json([{ kind: 'audit', variable: 'AUDIT_RETENTION_DAYS', days: null }]))
  .post('/operator/retention/preview', async (c) => {
    asked.push(await c.req.json());
    const found = { rows: 3, of: 4, bytes: 2048, oldest: '2026-01-01T00:00:00.000Z' };
    return c.json([{ kind: 'usage', days: 30, keptSince: '2026-02-01T00:00:00.000Z', ...found }]);
  });
const server = await serveSocket(operator, controlSocket(home.run));
afterAll(async () => {
  server.close();
  await remove();
});

const main = join(import.meta.dirname, '../../../../pandect.ts');
const retention = (...args: string[]) =>
  promisify(execFile)(process.execPath, [main, 'retention', ...args], {
    env: { ...commandEnvironment, PANDECT_HOME: path, NO_COLOR: '1', TZ: 'UTC' },
  }).then(
    ({ stdout }) => stdout,
    ({ stderr }) => stderr,
  );

it('shows the settings', async () => {
  expect(await retention()).toMatch(/^WHAT +DAYS +SETTING\nentries of the audit log +all +AUDIT_RETENTION_DAYS\n$/);
  expect(JSON.parse(await retention('--json'))).toMatchObject([{ kind: 'audit', days: null }]);
});

it('shows what other days would remove, and refuses what are no days', async () => {
  expect(await retention('preview', '--usage', '30', '--replaced', '90')).toMatch(
    /\nsingle records of usage, by whole months +30 +2026-02-01 00:00:00 +3 of 4 +2.0 KiB +2026-01-01 00:00:00\n$/,
  );
  expect(JSON.parse(await retention('preview', '--json'))).toMatchObject([{ rows: 3 }]);
  expect(asked).toEqual([{ usage: 30, replaced: 90 }, {}]);
  expect(await retention('preview', '--audit', '0')).toContain('a number of days from 1 to 36500');
});

import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Hono } from 'hono';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testOrganization } from '../../../../modules/testing/organization.ts';
import { temporaryHome } from '../../../services/temporary-home.ts';
import { serveSocket } from '../../../supervisor/control/serve-socket.ts';
import { controlSocket } from '../../../supervisor/traffic/socket-path.ts';
import { commandEnvironment } from '../../../testing/command-environment.ts';
import { testDatabase } from '../../../testing/database.ts';
import { operatorControl } from './operator-control.fixture.ts';

const database = await testDatabase();
const { path, close } = await operatorControl(database);
afterAll(async () => {
  await close();
  await database.close();
});
const [one, other] = [await testOrganization(database), await testOrganization(database)];
beforeAll(async () => {
  for (const [{ id }, count] of [
    [one, 1_500],
    [other, 3],
  ] as const) {
    await database.owner`
      insert into audit_log (organization_id, actor, action, created_at)
      select ${id}, 'a@example.org', 'sign-in', now() - n * interval '1 hour' from generate_series(1, ${count}) n`;
  }
});

const main = join(import.meta.dirname, '../../../../pandect.ts');
const exportFrom = (home: string, name: string, ...args: string[]) =>
  promisify(execFile)(
    process.execPath,
    [main, 'audit', 'export', '--out', name === '-' ? name : join(path, name), ...args],
    { env: { ...commandEnvironment, PANDECT_HOME: home, NO_COLOR: '1' }, maxBuffer: 64 * 1024 ** 2 },
  ).then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    ({ code, stderr }) => ({ code, output: stderr }),
  );
const exportTo = (name: string, ...args: string[]) => exportFrom(path, name, ...args);
const linesOf = async (name: string) => (await readFile(join(path, name), 'utf8')).trimEnd().split(/\r?\n/);

it('writes the log of all organizations, one after the other, readable by its owner alone', async () => {
  expect(await exportTo('all.jsonl')).toMatchObject({
    code: 0,
    output: expect.stringMatching(/^Wrote 1503 entries to /),
  });
  const acts = (await linesOf('all.jsonl')).map((line) => JSON.parse(line));
  expect(acts.filter(({ organizationId }) => organizationId === other.id)).toHaveLength(3);
  expect((await stat(join(path, 'all.jsonl'))).mode & 0o777).toBe(0o600);
  expect(await exportTo('all.jsonl')).toMatchObject({ code: 1, output: expect.stringContaining('it exists already') });
});

it('writes that of one organization and span, whose log says so', async () => {
  const { output } = await exportTo('one.csv', '--organization', one.id, '--since', '90m');
  expect(output).toMatch(/^Wrote 2 entries to /);
  const [header, ...lines] = await linesOf('one.csv');
  expect([header?.split(',')[0], lines.length]).toEqual(['createdAt', 2]);
  expect(lines[1]).toContain('export-audit');
  const printed = await exportTo('-', '--organization', other.id, '--until', '150m');
  expect(printed.output.trim().split('\n')).toHaveLength(1);
});

it('leaves nothing behind when the answer breaks off', async () => {
  const broken = await temporaryHome();
  const answer = new Hono().post('/operator/audit/export', (c) => {
    return c.body(
      new ReadableStream({
        start(to) {
          to.enqueue(new TextEncoder().encode('{}\n'));
          setTimeout(() => to.error(new Error('lost')), 500);
        },
      }),
    );
  });
  const server = await serveSocket(answer, controlSocket(broken.home.run));
  const { code, output } = await exportFrom(broken.path, 'broken.jsonl');
  server.close();
  expect([code, output]).toEqual([1, expect.stringContaining('the answer broke off')]);
  expect((await readdir(path)).filter((name) => name.startsWith('broken'))).toEqual([]);
  await broken.remove();
});

it('leaves nothing behind when it is refused', async () => {
  const unknown = await exportTo('none.jsonl', '--organization', crypto.randomUUID());
  expect(unknown).toMatchObject({ code: 1, output: expect.stringContaining('no such organization') });
  expect((await exportTo('none.jsonl', '--organization', 'x')).output).toContain('Must be an id');
  expect((await exportTo('none.jsonl', '--since', 'ever')).output).toContain('so long ago');
  expect((await readdir(path)).filter((name) => name.startsWith('none'))).toEqual([]);
});

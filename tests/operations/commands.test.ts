import { once } from 'node:events';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryHome } from '../../platform/services/temporary-home.ts';
import type { AlertListing } from '../../platform/supervisor/alerts/running/alerts.ts';
import type { ErrorRow, ProcessRow, PruneAnswer } from '../../platform/supervisor/control/contract.ts';
import { type Account, createAccount, send } from '../support/http/client.ts';
import { pandect, pandectJson, startPandect } from '../support/platform.ts';
import { sharedPlatform } from '../support/shared-platform.ts';
import { until } from '../support/until.ts';

const platform = await sharedPlatform();

let account: Account;
beforeAll(async () => {
  account = await createAccount(platform, { tier: 'demo' });
});

describe('commands', () => {
  it.each([
    [['deploy', 'nothing'], 'Find function or worker "nothing": known are admin, ask, auth, billing'],
    [['restart', 'nothing'], 'Find function or worker "nothing": known are admin, ask, auth, billing'],
    [['rollback', 'nothing'], 'Find function or worker "nothing": known are admin, ask, auth, billing'],
    [['releases', 'nothing'], 'Find function or worker "nothing": known are admin, ask, auth, billing'],
    [['rollback', 'ask', 'nothing'], 'Roll back "ask": release "nothing" is not kept'],
    [['logs', 'nothing'], 'Read logs of "nothing"'],
    [['logs', 'usage', '--since', 'yesterday'], 'It must be so long ago'],
    [['logs', 'usage', '-f', '--until', '1h'], "cannot be used with option '--until"],
    [['logs', '../keys/database-logins'], 'Read logs of "../keys/database-logins": not a name'],
    [
      ['admin', 'tier', 'nobody@example.org', 'basic'],
      'Change tier of "nobody@example.org": no organization has this owner',
    ],
    [['admin', 'tier', 'nobody@example.org', 'golden'], 'Change tier to "golden": known are demo, basic'],
    [['nothing'], "unknown command 'nothing'"],
  ])('refuses %j with a clear message and status 1', async (args, message) => {
    const { status, stdout, stderr } = await pandect(platform, ...args);
    expect(status).toBe(1);
    expect(stdout + stderr).toContain(message);
    expect(stdout + stderr).not.toContain('    at ');
  });

  it('gives the administration to no account that may be another person’s, and asks about the others', async () => {
    const { email } = account;
    const create = (...flags: string[]) => pandect(platform, 'admin', 'create', email, ...flags);
    for (const flags of [[], ['--yes']]) {
      const { status, stdout, stderr } = await create(...flags);
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toMatch(/Organization +Whole-system test \(owner\)[\s\S]+NOT CONFIRMED[\s\S]+is not confirmed/);
    }
    const confirm = (...flags: string[]) => pandect(platform, 'admin', 'confirm', email, ...flags);
    expect(await confirm()).toMatchObject({ status: 1, stderr: expect.stringContaining('no terminal to ask on') });
    expect(await confirm('--yes')).toMatchObject({ status: 0, stdout: expect.stringContaining('Sessions ended: 1') });
    expect(await create()).toMatchObject({ status: 1, stderr: expect.stringContaining('no terminal to ask on') });

    const listed = async () => {
      const { value } = await pandectJson<{ email: string }[]>(platform, 'admin', 'list');
      return value.filter((row) => row.email === email).length;
    };
    expect(await listed()).toBe(0);
    expect(await pandectJson(platform, 'admin', 'create', email, '--yes')).toMatchObject({
      ...{ status: 0, value: { email, password: null, sessions: 0, keys: 0 } },
    });
    expect(await listed()).toBe(1);
    expect(await pandectJson(platform, 'admin', 'remove', email)).toMatchObject({ status: 0, value: { email } });
    expect(await listed()).toBe(0);
    const signedIn = await send(platform.url, 'POST /api/auth/login', { json: { email, password: account.password } });
    Object.assign(account.session, await signedIn.json());
  });

  it('says what would make room on the disk, and removes nothing', async () => {
    const dry = () => pandectJson<PruneAnswer>(platform, 'prune', '--dry-run');
    const { status, value } = await dry();
    expect({ status, isDryRun: value.isDryRun }).toEqual({ status: 0, isDryRun: true });
    expect((await dry()).value.rows).toEqual(value.rows);
  });

  it('says that no platform runs when none does', async () => {
    const place = await temporaryHome();
    const { status, stderr } = await pandect({ ...platform, home: place.path }, 'ps');
    await place.remove();
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('none is running') });
  });

  it('shows alerts, silences them, and says that there are no channels', async () => {
    const listing = async () => (await pandectJson<AlertListing>(platform, 'alerts', 'list')).value;
    await until('an evaluation', async () => (await listing()).evaluatedAt ?? undefined);
    expect(await listing()).toMatchObject({ isReadable: true, channels: [], mistakes: [] });
    expect((await pandect(platform, 'alerts', 'list')).stdout).toContain('There are no channels');
    expect(await pandect(platform, 'alerts', 'test')).toMatchObject({ status: 1 });
    expect(await pandect(platform, 'alerts', 'silence', 'Queue')).toMatchObject({
      ...{ status: 1, stderr: expect.stringContaining('for how long?') },
    });
    expect(await pandect(platform, 'alerts', 'silence', 'Quee', '--for', '2h')).toMatchObject({
      ...{ status: 1, stderr: expect.stringContaining('did you mean "Queue"?') },
    });
    const silence = ['alerts', 'silence', 'Queue', '--unit', 'ingest'];
    expect(await pandectJson(platform, ...silence, '--for', '2h')).toMatchObject({
      value: { rule: 'Queue', unit: 'ingest' },
    });
    expect((await pandect(platform, 'alerts', 'silence')).stdout).toMatch(/Queue +ingest/);
    expect(await pandect(platform, ...silence, '--end')).toMatchObject({ status: 0 });
    expect(await pandect(platform, ...silence, '--end')).toMatchObject({ status: 1 });
  });

  /** Several hosts share those that no host has started. */
  const ownServers = platform.hostUrl === platform.url ? ['postgres', 'redis'] : [];

  it('lists every process, for people and for programs', async () => {
    const { value } = await pandectJson<ProcessRow[]>(platform, 'ps');
    const { stdout } = await pandect(platform, 'ps');
    for (const name of ['ask', 'auth', 'documents', 'health', 'ingest', 'maintenance', 'caddy', ...ownServers]) {
      const row = value.find((candidate) => candidate.name === name);
      expect(row).toMatchObject({ name, state: 'ready' });
      process.kill(row?.pid ?? 0, 0); // throws when there is no such process
      expect(stdout).toMatch(new RegExp(`^${name} .*ready`, 'm'));
    }
  });

  it('lists errors that a function logged by groups', async () => {
    const line = { level: 'error', time: new Date().toISOString(), message: 'Written by a test', end: 'with "words"' };
    const log = join(platform.home, 'logs/usage.log');
    for (let times = 0; times < 2; times++) await appendFile(log, `${JSON.stringify(line)}\n`);
    const { value } = await pandectJson<ErrorRow[]>(platform, 'errors', '--since', '1h', '--unit', 'usage');
    expect(value.find(({ name }) => name === line.message)).toMatchObject({
      ...{ unit: 'usage', count: 2, total: 2, frame: null, release: expect.stringMatching(/^[0-9a-f]+$/) },
      example: 'Written by a test: with <value>',
    });
    const { stdout } = await pandect(platform, 'errors');
    expect(stdout).toMatch(/^2 +usage +Written by a test +/m);
  });

  it('prints the last log lines, and continues with those that come', async () => {
    const ask = (id: string) =>
      send(platform.hostUrl, 'GET /api/usage', {
        headers: { authorization: `Bearer ${account.session.accessToken}`, 'x-request-id': id },
      });
    await ask('before-following');
    const { stdout, status } = await pandect(platform, 'logs', 'usage');
    expect(status).toBe(0);
    expect(stdout).toMatch(/info Request requestId=before-following method=GET endpoint=\/api\/usage status=200/);
    expect((await pandect(platform, 'logs', 'usage', '--since', '1h')).stdout).toContain('before-following');
    expect((await pandect(platform, 'logs', 'usage', '--until', '1h')).stdout).not.toContain('before-following');
    expect((await pandect(platform, 'logs', 'supervisor', '--since', '1h')).stdout).toContain('Pandect is up');

    const following = startPandect(platform, 'logs', 'usage', '-f', '--json');
    await until('the first lines', async () => following.output().includes('before-following') || undefined);
    await ask('while-following');
    await until('the line', async () => following.output().includes('while-following') || undefined);
    following.child.kill('SIGINT');
    await once(following.child, 'exit');
    for (const line of following.output().trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('level');
  });
});

import { spawnSync } from 'node:child_process';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Home } from '../../platform/services/home.ts';
import { copyCheckout } from '../support/checkout-copy.ts';
import { createAccount } from '../support/http/client.ts';
import { checkout, pandectAs, startTestPlatform } from '../support/platform.ts';

describe('a platform that an unprivileged user starts', () => {
  // PostgreSQL wants a user with a name.
  const user = { uid: 65_534, gid: 65_534 };

  it('reads documents, and its doctor says what is weaker', { timeout: 180_000 }, async ({ skip }) => {
    skip(process.getuid?.() !== 0, 'only root may start it as another user');
    const folder = await mkdtemp(join(tmpdir(), 'pandect-unprivileged-'));
    await chown(folder, user.uid, user.gid);
    const setup = spawnSync(join(checkout, 'scripts/setup'), {
      ...user,
      env: { PATH: process.env.PATH, HOME: folder },
    });
    expect([setup.status, setup.stderr.toString()]).toEqual([0, '']);
    const copy = await copyCheckout({ units: ['auth', 'documents', 'ingest', 'notify', 'operator'] });
    onTestFinished(async () => {
      await copy.remove();
      await rm(folder, { recursive: true });
    });
    const home = join(folder, 'home');
    const own = await startTestPlatform({
      ...{ root: copy.root, user, env: { HOME: folder } },
      home: { path: home, home: { root: home } as Home, remove: async () => {} },
    });
    onTestFinished(own.stop);
    // A plan would be given to it by a command of this user.
    const account = await createAccount(own, { tier: 'demo' });
    await account.add('contract.txt', 'Article 1. The penalty is due.\n');
    const { stdout } = await pandectAs(user, own, 'doctor', '--json');
    const findings: { name: string; state: string; detail: string }[] = JSON.parse(stdout);
    const weaker = findings.find(({ name }) => name === 'users');
    expect([weaker?.state, weaker?.detail]).toEqual(['warn', expect.stringContaining('all processes share one user')]);
    expect(findings.filter(({ state }) => state === 'fail')).toEqual([]);
  });
});

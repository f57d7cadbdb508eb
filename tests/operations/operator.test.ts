import { stat } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../db/connect.ts';
import { type TemporaryHome, temporaryHome } from '../../platform/services/temporary-home.ts';
import type { TopRow } from '../../platform/supervisor/control/contract.ts';
import { controlSocket } from '../../platform/supervisor/traffic/socket-path.ts';
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts';
import { ask, change, rowsOf } from '../support/control.ts';
import { send } from '../support/http/client.ts';
import { ownerUrl } from '../support/owner-url.ts';
import { pandect, pandectJson, startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { until } from '../support/until.ts';

let copy: CheckoutCopy;
let home: TemporaryHome;
let platform: TestPlatform;
const email = 'first@example.org';

beforeAll(async () => {
  copy = await copyCheckout({ units: ['operator'] });
  await copy.edit('functions/operator/function.ts', 'idle: 60', 'idle: 2');
  home = await temporaryHome();
  platform = await startTestPlatform({ root: copy.root, home });
});

afterAll(async () => {
  try {
    await platform?.stop();
  } finally {
    await home?.remove();
    await copy?.remove();
  }
});

const asleep = () =>
  until('it to sleep', async () => {
    const rows = await rowsOf(platform, 'operator');
    return rows.length === 1 && rows[0]?.state === 'asleep' && rows[0].pid === 0 ? true : undefined;
  });
const wakes = async () =>
  (JSON.parse(await ask(platform, 'GET', '/top')) as TopRow[]).find(({ name }) => name === 'operator')?.wakes?.length;
const administrators = async () =>
  (await pandectJson<{ email: string }[]>(platform, 'admin', 'list')).value.map((row) => row.email);

describe('the operator’s function', () => {
  it('has no process until a command asks, which wakes it, and none a while later', async () => {
    await asleep();
    expect(await wakes()).toBe(0);
    expect(await administrators()).toEqual([]);
    await expect.poll(wakes, { timeout: 10_000 }).toBe(1);
    await asleep();
  });

  it('does what commands ask and writes it down', async () => {
    const made = await pandectJson(platform, 'admin', 'create', email);
    expect(made).toMatchObject({ status: 0, value: { email, password: expect.any(String) } });
    expect(await administrators()).toEqual([email]);
    const sql = connect(await ownerUrl(home.home));
    const acts = await sql`select actor, action, target from audit_log`.finally(() => sql.end());
    expect(acts.map((row) => ({ ...row }))).toEqual([
      { actor: 'operator', action: 'make-administrator', target: email },
    ]);
  });

  it('has no address at the edge, awake or asleep', async () => {
    const missing = async () => {
      for (const path of ['/operator/admin/administrators', '/operator', '/_preview/operator/x/operator/indexes']) {
        const answer = await send(platform.url, `GET ${path}` as `GET /${string}`);
        expect([path, answer.status]).toEqual([path, 404]);
      }
      const json = { email: 'other@example.org', unconfirmed: true };
      expect((await send(platform.url, 'POST /operator/admin/create', { json })).status).toBe(404);
    };
    expect(await administrators()).toEqual([email]);
    await missing();
    await asleep();
    const before = await wakes();
    await missing();
    expect(await wakes()).toBe(before);
    const api = (await (await send(platform.url, 'GET /api/openapi.json')).json()) as { paths: object };
    expect(Object.keys(api.paths).filter((path) => path.includes('operator'))).toEqual([]);
    expect(await administrators()).toEqual([email]);
  });

  it('is reached through the control socket alone, which is its owner’s', async () => {
    const { mode, uid } = await stat(controlSocket(home.home.run));
    expect([mode & 0o777, uid]).toEqual([0o600, process.getuid?.()]);
  });

  it('is deployed and rolled back like any other', async () => {
    const path = 'functions/operator/routes/administration.ts';
    await copy.edit(path, 'await listAdministrators(database)', '(await listAdministrators(database)).slice(1)');
    expect((await change(platform, 'deploy', { units: ['operator'], watch: 1 })).ok).toBe(true);
    expect(await administrators()).toEqual([]);
    expect((await change(platform, 'rollback', { unit: 'operator', watch: 1 })).ok).toBe(true);
    expect(await administrators()).toEqual([email]);
  });

  it.each([
    [['deploy', 'operator', '--canary', '10'], 'Deploy "operator" as a canary: it has no callers but the operator'],
    [['preview', 'operator'], 'Preview "operator": the edge does not reach it, so it has no address'],
  ])('refuses %j', async (args, message) => {
    const { status, stdout, stderr } = await pandect(platform, ...args);
    expect([status, stdout + stderr]).toEqual([1, expect.stringContaining(message)]);
  });
});

import { describe, expect, it } from 'vitest';
import { consoleScene } from './console.fixture.ts';
import { serveOperator } from './operator.fixture.ts';

const { database, root, own, ask, follow, acts, source, endBackup } = await consoleScene();
await serveOperator(database, root);
const lastAct = async () => (await acts()).at(-1);

describe('backups', () => {
  it('say that there are none without a target, and make none', async () => {
    expect((await ask('GET /api/operator/backups')).body).toMatchObject({ state: 'off', backups: null, drill: null });
    const { status, body } = await ask('POST /api/operator/backups');
    expect([status, body.detail]).toEqual([409, expect.stringContaining('BACKUP_TO is not set')]);
  });

  it('are listed, and made as a change that is followed; one at a time', async () => {
    source.BACKUP_TO = 's3:https://user:secret@example.org/backups';
    const listed = await ask('GET /api/operator/backups');
    expect(listed.body).toMatchObject({ state: 'never', backups: [{ isComplete: true }], isBusy: false });
    expect(JSON.stringify(listed.body)).not.toContain('secret');
    const { body: change } = await ask('POST /api/operator/backups');
    expect((await ask('POST /api/operator/backups')).status).toBe(409);
    endBackup();
    const told = await Array.fromAsync(await follow(`/api/operator/changes/${change.id}/events`));
    expect(told.map(({ data }) => data.message ?? data.ok)).toEqual([
      ...['Copying the database', 'the backup is complete', true],
    ]);
    expect((await acts()).map(({ action }) => action)).toContain('create-backup');
  });
});

describe('the gateway', () => {
  it('shows routes without keys, and its breakers, of which one is opened', async () => {
    const { body: routes } = await ask('GET /api/operator/gateway/routes');
    const [target] = routes.flatMap(({ targets }: { targets: { target: string }[] }) => targets);
    expect((await ask('GET /api/operator/gateway/breakers')).body).toEqual([]);
    const opened = await ask('POST /api/operator/gateway/breakers', { target: target.target, state: 'open' });
    expect(opened.body).toMatchObject([{ target: target.target, state: 'open' }]);
    expect(await lastAct()).toMatchObject({ action: 'open-breaker', target: target.target });
    expect((await ask('POST /api/operator/gateway/breakers', { target: 'none', state: 'open' })).status).toBe(404);
    expect((await ask('GET /api/operator/gateway/calls?minutes=5')).body).toEqual([]);
  });
});

describe('images and bots', () => {
  it('are listed without a word of anybody’s', async () => {
    expect((await ask('GET /api/operator/images')).body).toEqual([]);
    expect((await ask('GET /api/operator/images?status=lost')).status).toBe(409);
    expect((await ask(`POST /api/operator/images/${crypto.randomUUID()}/cancel`)).status).toBe(404);
    expect((await ask('GET /api/operator/bots')).body).toEqual([]);
  });
});

describe('money', () => {
  it('is summed by day, month and model, with the transfers that wait', async () => {
    await database.owner`
      insert into usage_logs (organization_id, action, model, cost) values (${own.id}, 'ask', 'small', 1.5), (${own.id}, 'ask', 'small', 2)`;
    await database.owner`
      insert into usage_totals (organization_id, month, action, model, count, prompt_tokens, completion_tokens, cached_tokens, cost)
      values (${own.id}, date_trunc('month', now() at time zone 'utc'), 'ask', 'small', 2, 100, 20, 0, 3.5)`;
    const { body } = await ask('GET /api/operator/money');
    expect(body).toMatchObject({
      today: [{ currency: 'RUB', amount: '3.50000000', what: 'spent' }],
      month: { paid: '0.00', spent: '3.50000000' },
      costByModel: [{ model: 'small', calls: 2, tokens: 120, share: null }],
      paymentsToConfirm: [],
    });
    const { body: checked } = await ask('GET /api/operator/money/discrepancies');
    expect(checked).toEqual({ books: [], wallets: [] });
    expect((await ask('GET /api/operator/overview')).body.money.today).toHaveLength(1);
  });
});

import { describe, expect, it } from 'vitest';
import { testOrganization } from '../../modules/testing/organization.ts';
import { consoleScene, problem } from './console.fixture.ts';
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

describe('prices of the gateway', () => {
  it('tell what each target is charged with, and which have no price of their own', async () => {
    await database.owner`delete from model_prices`;
    const target = async () => (await ask('GET /api/operator/gateway/prices')).body[0];
    const { price, ...free } = await target();
    expect(free).toMatchObject({
      now: null,
      isCeiling: false,
      next: null,
      routes: expect.arrayContaining(['default']),
    });
    const add = (model: string, from: string, prompt: string) => database.owner`
      insert into model_prices (model, valid_from, prompt, completion, cached) values (${model}, ${from}, ${prompt}, 2, 0.5)`;
    await add('*', '2020-01-01', '900');
    expect(await target()).toMatchObject({ now: { prompt: '900.00' }, isCeiling: true });
    await add(price, '2021-01-01', '1');
    await add(price, '2022-01-01', '3');
    await add(price, '2100-01-01', '4');
    expect(await target()).toMatchObject({
      now: { validFrom: '2022-01-01T00:00:00Z', prompt: '3.00', completion: '2.00', cached: '0.50' },
      ...{ isCeiling: false, next: { validFrom: '2100-01-01T00:00:00Z', prompt: '4.00' } },
    });
  });
});

describe('images and bots', () => {
  it('are listed without a word of anybody’s', async () => {
    expect((await ask('GET /api/operator/images')).body).toEqual([]);
    expect(await ask('GET /api/operator/images?status=lost')).toMatchObject({
      ...{ status: 400, body: { type: problem('invalid-request'), errors: [{ path: 'query.status' }] } },
    });
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
      month: { paid: '0.00', spent: '3.50000000', unused: '0.00' },
      costByModel: [{ model: 'small', calls: 2, tokens: 120, share: null, paid: '0.00', margin: '-3.50' }],
      paymentsToConfirm: [],
    });
    const { body: checked } = await ask('GET /api/operator/money/discrepancies');
    expect(checked).toEqual({ books: [], wallets: [] });
    expect((await ask('GET /api/operator/overview')).body.money.today).toHaveLength(1);
  });

  it('is divided among the models that those who paid have used', async () => {
    const [payer, idle] = [await testOrganization(database), await testOrganization(database)];
    const pays = async (organizationId: string, kopecks: number) => {
      const number = crypto.randomUUID().slice(0, 12);
      const [invoice] = await database.owner<{ id: string }[]>`
        insert into invoices (organization_id, number, reference, state, purpose, buyer, lines, total, issued_at, due_at, closed_at)
        values (${organizationId}, ${number}, ${number}, 'paid', '{}', '{}', '[]', ${kopecks}, now(), now(), now()) returning id`;
      await database.owner`
        insert into payments (organization_id, invoice_id, provider, state, amount, closed_at)
        values (${organizationId}, ${invoice?.id ?? ''}, 'bank', 'succeeded', ${kopecks}, now())`;
    };
    await pays(payer.id, 100_000);
    await pays(idle.id, 7_000);
    for (const [model, count, cost] of [['small', 6, 10] as const, ['large', 2, 300] as const]) {
      await database.owner`
        insert into usage_totals (organization_id, month, action, model, count, prompt_tokens, completion_tokens, cached_tokens, cost)
        values (${payer.id}, date_trunc('month', now() at time zone 'utc'), 'ask', ${model}, ${count}, 0, 0, 0, ${cost})`;
    }
    const { body } = await ask('GET /api/operator/money');
    expect(body.month).toMatchObject({ paid: '1070.00', spent: '313.50000000', unused: '70.00' });
    expect(body.costByModel).toMatchObject([
      { model: 'large', calls: 2, paid: '250.00', margin: '-50.00' },
      { model: 'small', calls: 8, paid: '750.00', margin: '736.50' },
    ]);
  });
});

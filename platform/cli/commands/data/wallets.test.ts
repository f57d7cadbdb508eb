import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { createBotSeal } from '../../../../modules/bots/records/bot-seal.ts';
import { createOrder, creditPayment, openWallet } from '../../../../modules/commerce/wallets/index.ts';
import { testOrganization } from '../../../../modules/testing/organization.ts';
import { newSecretKey } from '../../../../modules/testing/secret-key.ts';
import { commandEnvironment } from '../../../testing/command-environment.ts';
import { testDatabase } from '../../../testing/database.ts';
import { startTelegramServer } from '../../../testing/telegram-server.ts';
import { operatorControl } from './operator-control.fixture.ts';

const database = await testDatabase();
const { id: organizationId } = await testOrganization(database);
const telegram = await startTelegramServer();
const keyPath = await newSecretKey(inject('services').folder);
const { path, close } = await operatorControl(database, undefined, {
  TELEGRAM_API_URL: telegram.url,
  OUTBOUND_WHITELIST: telegram.host,
  OUTBOUND_INTERNAL_HOSTS: telegram.host,
  BOT_SECRETS_KEY_PATH: keyPath,
});
afterAll(async () => {
  await close();
  await telegram.close();
  await database.close();
});

const main = join(import.meta.dirname, '../../../../pandect.ts');
function wallets(...args: string[]): Promise<{ code: number; output: string }> {
  const options = { env: { ...commandEnvironment, PANDECT_HOME: path, NO_COLOR: '1' } };
  return promisify(execFile)(process.execPath, [main, 'wallets', ...args], options).then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    ({ code, stdout, stderr }) => ({ code, output: stdout + stderr }),
  );
}

describe('pandect wallets', () => {
  it('shows a wallet, gives it units once for a reference, and proves its balance', { timeout: 120_000 }, async () => {
    const id = await database.tenant.tenant(organizationId, (tx) =>
      openWallet(tx, { organizationId, kind: 'bot-user', reference: 'one', timeZone: 'UTC', free: { reading: 1 } }),
    );
    const give = (amount: string, unit = 'reading') =>
      wallets('grant', id, unit, amount, '--reason', 'An outage', '--reference', 'ticket 17');
    expect(await give('5')).toEqual({ code: 0, output: '5 reading given\n' });
    expect((await give('5')).output).toBe('"ticket 17" was given before; nothing changed\n');
    expect((await give('0')).code).toBe(1);
    expect((await give('5', 'wish')).output).toMatch(/^Grant units of "wish": there are none\n$/);
    const shown = JSON.parse((await wallets('show', id, '--json')).output);
    expect(shown).toMatchObject({
      ...{ organizationId, timeZone: 'UTC' },
      units: [{ unit: 'image' }, { unit: 'reading', freeLeft: 1, bought: 5, held: 0, owed: 0 }],
      entries: [{ unit: 'reading', reason: 'grant', amount: 5, reference: 'ticket 17', actor: 'operator: An outage' }],
    });
    expect((await wallets('show', id)).output).toContain('1 of 1');
    const acts = await database.owner`select action, target from audit_log where organization_id = ${organizationId}`;
    expect([...acts]).toEqual([{ action: 'grant-units', target: id }]);
    expect((await wallets('show', crypto.randomUUID())).output).toMatch(/^Find wallet ".+": there is none\n$/);
    expect(await wallets('check')).toEqual({ code: 0, output: 'The wallets agree\n' });
    await database.owner`update unit_credits set amount = 6 where owner_id = ${id}`;
    const broken = await wallets('check');
    expect([broken.code, broken.output]).toEqual([1, expect.stringContaining('its entries sum to 5, and it has 6')]);
  });

  it('pays a charge back once, takes its units, and writes down why', { timeout: 120_000 }, async () => {
    const botId = crypto.randomUUID();
    const { token } = telegram.addBot();
    const tokenSealed = await createBotSeal(keyPath).seal({ organizationId, botId, kind: 'token' }, token);
    await database.owner`
      insert into bots
        (id, organization_id, telegram_id, username, name, token_sealed, secret_sealed, secret_hash, skills, time_zone, delivery)
      values (${botId}, ${organizationId}, '1', 'a_bot', 'A bot', ${tokenSealed}, 'v1.', 'hash', '{tarot}', 'UTC', 'polling')`;
    const within = database.tenant.tenant.bind(undefined, organizationId) as typeof database.tenant.transaction;
    const walletId = await within((tx) =>
      openWallet(tx, { organizationId, kind: 'bot-user', reference: 'two', timeZone: 'UTC', free: {} }),
    );
    const bot = { id: botId, organizationId, settings: {} };
    const order = await within((tx) => createOrder(tx, { bot, walletId, packId: 'reading-5', attempt: 'one' }));
    const payer = telegram.user('Ann', { token });
    const call = async (method: string, params: object) => {
      const response = await fetch(`${telegram.url}/bot${token}/${method}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(params),
      });
      return (await response.json()).result;
    };
    await payer.send('/buy');
    await call('sendInvoice', {
      ...{ chat_id: payer.id, title: 'Five', description: 'Readings', payload: order.id, currency: 'XTR' },
      ...{ provider_token: '', prices: [{ label: 'Five', amount: 75 }] },
    });
    const paying = payer.pay();
    const [update] = await call('getUpdates', { offset: -1, timeout: 1 });
    await call('answerPreCheckoutQuery', { pre_checkout_query_id: update.pre_checkout_query.id, ok: true });
    await paying;
    const chargeId = (await call('getStarTransactions', {})).transactions.at(-1).id as string;
    await within((tx) =>
      creditPayment(tx, {
        ...{ organizationId, botId, walletId, telegramId: String(payer.id), currency: 'XTR', totalAmount: 75 },
        ...{ payload: order.id, chargeId, paidAt: new Date() },
      }),
    );
    const refund = (...args: string[]) => wallets('refund', chargeId, '--reason', 'It never came', ...args);
    telegram.fail('refundStarPayment', {
      ...{ kind: 'answer', status: 400 },
      body: { ok: false, error_code: 400, description: 'Bad Request: BALANCE_TOO_LOW' },
    });
    expect(await refund()).toMatchObject({ code: 1, output: expect.stringContaining('Telegram refuses it') });
    telegram.fail('refundStarPayment', { kind: 'forget' });
    expect(await refund()).toMatchObject({ code: 1, output: expect.stringContaining('Telegram did not answer') });
    expect(JSON.parse((await refund('--json')).output)).toEqual({
      ...{ chargeId, botId, walletId, amount: 75, wasRefunded: false },
    });
    expect(await refund()).toEqual({ code: 0, output: 'It was paid back before; nothing changed\n' });
    expect(await call('getMyStarBalance', {})).toEqual({ amount: 0 });
    const { units } = JSON.parse((await wallets('show', walletId, '--json')).output);
    expect(units).toContainEqual(expect.objectContaining({ unit: 'reading', bought: 0, owed: 0 }));
    const acts = await database.owner`
      select actor, action, details from audit_log where target = ${chargeId} order by created_at, id`;
    expect(acts.map(({ action }) => action)).toEqual([
      ...['refund-payment', 'refund-refused', 'refund-payment', 'refund-payment'],
    ]);
    expect(acts[0]).toMatchObject({ actor: 'operator', details: { reason: 'It never came', stars: 75, walletId } });
    expect((await wallets('refund', 'x', '--reason', 'y')).output).toBe('Find charge "x": there is none\n');
    expect((await wallets('refund', chargeId)).code).toBe(1);
  });
});

/*
 * What gateways and billing systems fail at, case by case, at the function itself: answers from the cache and tokens of a price.
 */
import { describe, expect, it } from 'vitest';
import { type Script, say } from '../../modules/testing/openai-server.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import type { TestApp } from '../../platform/testing/app.ts';
import { answer, ask, chats, describeReconciliation, fine, follow, meteringScene, once } from './metering.fixture.ts';

const { database, scene, addLease, charged } = await meteringScene();

describe('case 18: an answer from the cache', () => {
  it('uses no tokens, counts as a question, and never reaches another tenant', async () => {
    const { org, app, server } = await scene([fine]);
    const stranger = await testOrganization(database);
    await addLease(stranger);
    await ask(app, org);
    expect((await ask(app, org)).body).toMatchObject({ cached: true, metadata: { attempts: 0 } });
    expect((await ask(app, stranger)).body.cached).toBe(false);
    expect(await charged(org)).toEqual({ ...once, questions: 2, counted: 2, rows: ['done', 'cached'] });
    expect(chats(server)).toHaveLength(2);
  });

  it('is made once for many equal questions at once, over several processes', async () => {
    const slow = { stream: [{ waitMs: 300 }, { delta: answer }, { finish: 'stop' }, 'done'] } as const;
    const { org, app, others, server } = await scene([slow], { processes: 2 });
    const apps = [app, ...others];
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => ask(apps[n % 2] as TestApp, org)));
    expect(answers.map(({ body }) => body.answer)).toEqual(Array.from({ length: 20 }, () => answer));
    expect(answers.filter(({ body }) => !body.cached)).toHaveLength(1);
    expect(chats(server)).toHaveLength(1);
    expect(await charged(org)).toMatchObject({ questions: 20, counted: 20 });
  });

  it('is waited for by the next one when the first one leaves', async () => {
    let turn = 0;
    const chat: Script = () => (turn++ === 0 ? 'hang' : fine);
    const { org, app, server } = await scene(chat);
    const controller = new AbortController();
    const left = follow(app, org, 'event: done', controller.signal);
    await expect.poll(() => chats(server).length, { timeout: 10_000 }).toBe(1);
    const next = ask(app, org);
    await expect
      .poll(
        async () =>
          (
            await database.owner`
      select 1 from usage_reservations where organization_id = ${org.id}`
          ).length,
      )
      .toBe(2);
    controller.abort();
    await left.catch(() => {});
    expect((await next).body).toMatchObject({ answer, cached: false });
  });
});

describe('case 19: cached and reasoning tokens', () => {
  it('are not billed twice, and money is exact to its last digit', async () => {
    await database.owner`insert into model_prices values ('exact', '2026-01-01', 3333.33, 6666.67, 1111.11)`;
    // The count of an answer holds its reasoning already.
    const counted = say(answer, { prompt: 1003, completion: 57, cached: 401 });
    const { org, app } = await scene([counted], { environment: { AI_MODEL_ADVANCED: 'exact' } });
    expect((await ask(app, org)).body.usage).toEqual({ promptTokens: 1003, completionTokens: 57, cachedTokens: 401 });
    const exact = 602n * 333_333n + 401n * 111_111n + 57n * 666_667n;
    expect(BigInt(String((await charged(org)).cost).replace('.', ''))).toBe(exact);
    expect((await charged(org)).tokens).toBe(1060);
  });
});

describeReconciliation(database);

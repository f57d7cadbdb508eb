import { drizzle } from 'drizzle-orm/postgres-js';
import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../platform/testing/database.ts';
import { connect } from './connect.ts';
import { seedPlans } from './initial-plans.ts';

const database = await testDatabase();
const client = connect(database.ownerUrl);
afterAll(async () => {
  await client.end();
  await database.close();
});

const MB = 1024 ** 2;
const GB = 1024 ** 3;

describe('seedPlans', () => {
  it('gives a new platform its four plans', async () => {
    const rows = await database.owner`
      select tier, name_ru, price, questions_per_day, questions_per_month, documents, users, model_policy,
        max_tokens_per_question, file_bytes::float8, storage_bytes::float8
      from subscription_plans order by subscription_plans.price`;
    expect(rows.map((row) => Object.values(row))).toEqual([
      ['demo', 'Демо', '0.00', 10, 100, 5, 1, 'standard', 500, 5 * MB, Math.round(0.1 * GB)],
      ['basic', 'Базовый', '5000.00', 50, 500, 100, 3, 'standard', 1000, 10 * MB, GB],
      [
        'professional',
        'Профессиональный',
        '15000.00',
        200,
        2000,
        500,
        10,
        'advanced-when-complex',
        2000,
        50 * MB,
        5 * GB,
      ],
      ['enterprise', 'Корпоративный', '50000.00', 1000, 10_000, 2000, 50, 'advanced', 4000, 100 * MB, 20 * GB],
    ]);
  });

  it('states the support that each plan includes', async () => {
    const rows = await database.owner`select features from subscription_plans order by price`;
    expect(rows.map(({ features }) => features)).toEqual([
      ['community-support'],
      ['email-support'],
      ['priority-support'],
      ['round-the-clock-support', 'custom-integrations'],
    ]);
  });

  it('keeps what an administrator changed, and brings back a plan that is missing', async () => {
    await database.owner`update subscription_plans set price = 1, questions_per_day = 7 where tier = 'basic'`;
    await database.owner`delete from subscription_plans where tier = 'professional'`;
    await seedPlans(drizzle({ client, casing: 'snake_case' }));
    const rows = await database.owner`
      select tier, price, questions_per_day from subscription_plans where tier in ('basic', 'professional') order by 1`;
    expect([...rows]).toEqual([
      { tier: 'basic', price: '1.00', questions_per_day: 7 },
      { tier: 'professional', price: '15000.00', questions_per_day: 200 },
    ]);
  });
});

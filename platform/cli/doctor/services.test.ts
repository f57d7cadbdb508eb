import { expect, it } from 'vitest';
import { findBinaries } from '../../services/binaries.ts';
import { startRedis } from '../../services/redis.ts';
import { temporaryHome } from '../../services/temporary-home.ts';
import type { Facts } from './facts.ts';
import { ok } from './finding.ts';
import { checkRedis, judgeRoom, judgeUse } from './services.ts';

it('asks the embedded Redis as its operator', async () => {
  const { home, remove } = await temporaryHome();
  const redis = await startRedis({ home, binaries: await findBinaries(['redis']) });
  const facts = { home, running: {}, settings: {} } as Facts;
  try {
    expect(await checkRedis(facts)).toMatchObject({ state: 'ok' });
    await redis.stop();
    expect(await checkRedis(facts)).toMatchObject({ state: 'fail' });
  } finally {
    await redis.stop();
    await remove();
  }
});

it.each([
  [79, 'ok'],
  [80, 'warn'],
])('with %i of 100 connections in use, says %s and names both', (used, state) => {
  const verdict = judgeUse(ok('answered'), { used, planned: 97, budget: 100 });
  expect(verdict.state).toBe(state);
  expect(verdict.detail).toBe(`answered; ${used} of 100 connections are in use, and processes may open 97 of them`);
});

it.each([
  [297, 297, 'ok'],
  [97, 297, 'warn'],
])('of a database that accepts %i connections, where %i may be opened, says %s', (most, needed, state) => {
  const verdict = judgeRoom(ok('answered'), most, needed);
  expect([verdict.state, verdict.detail.includes(String(needed))]).toEqual([state, state === 'warn']);
});

import { describe, expect, it } from 'vitest';
import { clockAhead, troublesOf } from './check-bot.ts';
import type { BotCheck } from './contract.ts';

describe('clockAhead', () => {
  it.each([
    ['within the second', 10_200, 10_400, 10_000, 0],
    ['while the second ended', 10_900, 11_300, 10_000, 0],
    ['ahead', 15_500, 15_700, 10_000, 4_500],
    ['behind', 7_000, 7_500, 10_000, -2_500],
  ])('tells %s', (_, began, ended, date, ahead) => {
    expect(clockAhead(began, ended, date)).toBe(ahead);
  });
});

describe('troublesOf', () => {
  const now = new Date('2026-01-31T09:00Z');
  const hook = { isSet: true, isOurs: true, pending: 0, lastError: null, lastErrorAt: null };
  const well: Omit<BotCheck, 'troubles'> = {
    ...{ id: 'b1', organizationId: 'o1', username: 'a_bot', name: 'A bot', state: 'active', delivery: 'webhook' },
    ...{ isAuthorized: true, clockAheadMs: 0, webhook: hook, polling: null, pausedUntil: null },
  };
  const polled = { delivery: 'polling', webhook: { ...hook, isSet: false } } as const;
  const error = (lastErrorAt: string) => ({ webhook: { ...hook, pending: 2, lastError: 'Wrong answer', lastErrorAt } });
  it.each<[string, Partial<BotCheck>, string[]]>([
    ['nothing of one that works', {}, []],
    ['nothing of one that is polled', polled, []],
    ['nothing of one that is stopped', { state: 'stopped', webhook: { ...hook, isSet: false } }, []],
    ['nothing of an error of hours ago', error('2026-01-31T07:00:00.000Z'), []],
    ['an error of now', error('2026-01-31T08:50:00.000Z'), ['webhook: Wrong answer, 2 updates pending']],
    ['a void token', { isAuthorized: false, webhook: null }, ['Telegram does not accept its token']],
    ['a missing webhook', { webhook: { ...hook, isSet: false } }, ['no webhook is set']],
    ['the webhook of another', { webhook: { ...hook, isOurs: false } }, ['its webhook leads to another address']],
    [
      'a webhook of one that is polled',
      { ...polled, webhook: hook },
      ['a webhook is set, so that polling gets nothing'],
    ],
    [
      'another program that polls',
      { ...polled, polling: { problem: 'other-poller', polledAt: null } },
      ['another program polls it'],
    ],
    ['a clock', { clockAheadMs: -9_000 }, ['the clock here is off by -9 s']],
  ])('finds %s', (_, changes, found) => {
    expect(troublesOf({ ...well, ...changes }, now)).toEqual(found);
  });
});

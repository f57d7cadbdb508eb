import { expect, it } from 'vitest';
import { judgeBots } from './bots.ts';

const broken = { id: 'b1', username: 'a_bot', troubles: ['no webhook is set', 'the clock here is off by 9 s'] };

it.each([
  [{ bots: 0, unchecked: 0, troubled: [] }, 'ok', 'none is set up', undefined],
  [{ bots: 3, unchecked: 0, troubled: [] }, 'ok', '3 work', undefined],
  [{ bots: 3, unchecked: 2, troubled: [] }, 'warn', 'not asked about 2 of 3 bots', 'pandect bots check <id>'],
  [
    { bots: 3, unchecked: 2, troubled: [broken, { ...broken, id: 'b2', username: 'other_bot' }] },
    'warn',
    '@a_bot: no webhook is set; the clock here is off by 9 s\n@other_bot: no webhook',
    'pandect bots check b1',
  ],
])('judges %j as %s', (health, state, detail, hint) => {
  const verdict = judgeBots(health);
  expect(verdict.state).toBe(state);
  expect(verdict.detail).toContain(detail);
  expect(verdict.hint ?? '').toContain(hint ?? '');
});

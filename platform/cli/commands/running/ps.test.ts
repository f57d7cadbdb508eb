import { expect, it } from 'vitest';
import { notRunning } from './ps.ts';

it('a check finds what crashes again and again, and lets sleep what sleeps', () => {
  const rows = [
    ...[
      { name: 'ask', state: 'ready' },
      { name: 'admin', state: 'asleep' },
      { name: 'notify', state: 'paused' },
    ],
    ...[
      { name: 'auth', state: 'backing off' },
      { name: 'redis', state: 'down' },
    ],
  ];
  expect(notRunning(rows)).toEqual(['auth is backing off', 'redis is down']);
});

import { expect, it } from 'vitest';
import { describeEnded } from './ended-access.ts';

it.each([
  ['en', { sessions: 2, keys: 1 }, 'Ended: 2 sessions, 1 API key.'],
  ['en', { sessions: 0, keys: 3 }, 'Ended: 3 API keys.'],
  ['ru', { sessions: 1, keys: 2 }, 'Завершено: 1 сеанс, 2 ключа API.'],
  ['ru', { sessions: 5, keys: 0 }, 'Завершено: 5 сеансов.'],
  ['ru', { sessions: 0, keys: 0 }, undefined],
] as const)('says in %s what %j ended', (language, ended, text) => {
  expect(describeEnded(language, ended)).toBe(text);
});

import { expect, it } from 'vitest';
import { MOST_CHARACTERS, redactJson } from './redact-json.ts';

it('redacts texts, names and numbers, and keeps the form', () => {
  const { json, isCut } = redactJson({
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Mail a@b.ru' },
          { n: 4111111111111111, ok: true },
        ],
      },
    ],
    'me@example.com': null,
    temperature: 0.5,
  });
  expect(isCut).toBe(false);
  expect(JSON.parse(json)).toEqual({
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Mail [email]' },
          { n: '[card]', ok: true },
        ],
      },
    ],
    '[email]': null,
    temperature: 0.5,
  });
});

it('cuts long texts, and leaves no half of a secret at the end', () => {
  for (let before = MOST_CHARACTERS - 40; before < MOST_CHARACTERS + 10; before += 3) {
    const text = `${'word '.repeat(before / 5)}ivan.petrov@example.com ${'more '.repeat(1_000)}`;
    const { json, isCut } = redactJson([text, 'last']);
    expect(isCut).toBe(true);
    expect(json).not.toContain('petrov');
    expect(json.length).toBeLessThan(MOST_CHARACTERS + 100);
  }
});

it('keeps nothing of a picture, however large, and is bounded for any value', () => {
  const picture = `data:image/png;base64,${Buffer.alloc(6_000_000, 'pixel 7').toString('base64')}`;
  expect(redactJson({ image_url: { url: picture } }).json).not.toMatch(/[A-Za-z0-9+/]{60}/);
  const many = redactJson(Array.from({ length: 500_000 }, () => 1));
  expect([many.isCut, many.json.length < 2 * MOST_CHARACTERS + 10]).toEqual([true, true]);
  expect(redactJson(undefined).json).toBe('null');
});

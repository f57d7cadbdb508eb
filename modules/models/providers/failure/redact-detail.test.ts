import { expect, it } from 'vitest';
import { redactDetail } from './redact-detail.ts';

it.each([
  ['Incorrect API key provided: sk-proj-abc123DEF456.', 'Incorrect API key provided: [key].'],
  ['Header Authorization: Bearer eyJhbGciOi.J9.x was refused', 'Header Authorization: [key] was refused'],
  ['See https://res.openai.azure.com/openai?api-key=123 for more', 'See [url] for more'],
  ['Host res.openai.azure.com:443 and 10.0.0.7:8000 failed', 'Host [host] and [host] failed'],
  ['Write to ivan.petrov@example.com', 'Write to [email]'],
  ['model: claude-sonnet-4-5-20250929 is gone', 'model: claude-sonnet-4-5-20250929 is gone'],
  ['id 7f3c9a12-4b5d-4e6f-8a9b-0c1d2e3f4a5b', 'id [key]'],
  ['Bad image data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==', 'Bad image [data]'],
  ['messages.0.content.1: Input should be a valid string', 'messages.0.content.1: Input should be a valid string'],
  [
    "Unsupported parameter: 'max_completion_tokens'\n is not\tknown",
    "Unsupported parameter: 'max_completion_tokens' is not known",
  ],
  ['Поле "messages" обязательно', 'Поле "messages" обязательно'],
])('makes of %j a text for callers', (message, expected) => {
  expect(redactDetail(message)).toBe(expected);
});

it('keeps nothing of four megabytes of base64, at once', () => {
  const started = performance.now();
  expect(redactDetail(`Image ${Buffer.alloc(3_000_000, 'pixel 7').toString('base64')}`)).toBe('Image [key]');
  expect(redactDetail('a1'.repeat(2_000_000))).toBe('[key]');
  expect(redactDetail('a.'.repeat(2_000_000))?.length).toBeLessThanOrEqual(300);
  expect(performance.now() - started).toBeLessThan(2_000);
});

it('cuts a text at 300 characters, and says nothing of an empty one', () => {
  expect(redactDetail('word '.repeat(200))).toHaveLength(300);
  expect(redactDetail(' \n ')).toBeUndefined();
});

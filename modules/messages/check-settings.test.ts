import { expect, it } from 'vitest';
import { checkMessageSettings } from './check-settings.ts';

it.each([
  [{}, []],
  [{ OUTBOUND_WHITELIST: 'api.openai.com' }, []],
  [{ TELEGRAM_API_URL: 'http://127.0.0.1:8081', OUTBOUND_WHITELIST: '127.0.0.1' }, []],
  [{ TELEGRAM_API_URL: 'http://127.0.0.1:8081' }, [expect.stringContaining('TELEGRAM_API_URL')]],
])('finds with %j the mistakes %j', (source, mistakes) => {
  expect(checkMessageSettings(source)).toEqual(mistakes);
});

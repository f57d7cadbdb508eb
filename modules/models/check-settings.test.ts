import { expect, it } from 'vitest';
import { checkModelSettings } from './check-settings.ts';

it.each<[Record<string, string>, string[]]>([
  [{}, []],
  [{ GIGACHAT_KEY: 'k', ANTHROPIC_API_KEY: 'k', COHERE_API_KEY: 'k' }, []],
  [{ YANDEX_API_KEY: 'k', YANDEX_FOLDER: 'b1g' }, []],
  [{ YANDEX_API_KEY: 'k' }, ['YANDEX_FOLDER: missing: must be set with YANDEX_API_KEY']],
  [{ AZURE_OPENAI_API_KEY: 'k' }, ['AZURE_OPENAI_BASE_URL: missing: must be set with AZURE_OPENAI_API_KEY']],
  [
    { AZURE_OPENAI_API_KEY: 'k', AZURE_OPENAI_BASE_URL: 'https://a.example', OUTBOUND_WHITELIST: 'b.example' },
    ['OUTBOUND_WHITELIST: "b.example": must name "a.example", the host of AZURE_OPENAI_BASE_URL'],
  ],
  [
    { GIGACHAT_KEY: 'k', OUTBOUND_WHITELIST: 'gigachat.devices.sberbank.ru' },
    [
      'OUTBOUND_WHITELIST: "gigachat.devices.sberbank.ru": must name "ngw.devices.sberbank.ru:9443", which GIGACHAT_KEY is for',
    ],
  ],
])('finds in %j what stands against each other', (source, mistakes) => {
  expect(checkModelSettings(source)).toEqual(mistakes);
});

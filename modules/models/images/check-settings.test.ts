import { expect, it } from 'vitest';
import { checkImageSettings } from './check-settings.ts';

const fal = { IMAGE_PROVIDERS: 'fal', FAL_KEY: 'k' };
const runpod = { IMAGE_PROVIDERS: 'runpod', RUNPOD_API_KEY: 'k', RUNPOD_ENDPOINT: 'abc' };

it.each<[Record<string, string>, string[]]>([
  [{}, []],
  [{ IMAGE_PROVIDERS: 'local' }, []],
  [{ IMAGE_PROVIDERS: 'nonsense' }, []],
  [fal, []],
  [{ ...fal, FAL_KEY: '' }, ['FAL_KEY: missing: must be set when IMAGE_PROVIDERS names fal']],
  [
    { ...fal, OUTBOUND_WHITELIST: 'queue.fal.run,v3.fal.media' },
    [
      'OUTBOUND_WHITELIST: "queue.fal.run,v3.fal.media": must name "rest.fal.ai", the host of FAL_JWKS_URL',
      'OUTBOUND_WHITELIST: "queue.fal.run,v3.fal.media": must name "v3b.fal.media", which has pictures of fal',
    ],
  ],
  [
    {
      ...fal,
      FAL_BASE_URL: 'http://127.0.0.1:4000',
      FAL_JWKS_URL: 'http://127.0.0.1:4000/keys',
      OUTBOUND_WHITELIST: '127.0.0.1',
    },
    [],
  ],
  [runpod, []],
  [{ ...runpod, RUNPOD_ENDPOINT: '' }, ['RUNPOD_ENDPOINT: missing: must be set when IMAGE_PROVIDERS names runpod']],
  [
    { ...runpod, RUNPOD_FILE_HOSTS: 'bucket.example', OUTBOUND_WHITELIST: 'api.runpod.ai' },
    ['OUTBOUND_WHITELIST: "api.runpod.ai": must name "bucket.example", which has pictures of runpod'],
  ],
  [{ IMAGE_PROVIDERS: 'local,openai' }, ['OPENAI_API_KEY: missing: must be set when IMAGE_PROVIDERS names openai']],
])('finds in %j what is missing or stands against each other', (source, mistakes) => {
  expect(checkImageSettings(source)).toEqual(mistakes);
});

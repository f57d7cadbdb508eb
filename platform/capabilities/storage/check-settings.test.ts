import { expect, it } from 'vitest';
import { checkStorageSettings } from './check-settings.ts';

const whole = {
  STORAGE: 's3',
  S3_ENDPOINT: 'https://storage.example.com',
  S3_BUCKET: 'files',
  S3_ACCESS_KEY_ID: 'id',
  S3_SECRET_ACCESS_KEY: 'secret',
  OUTBOUND_WHITELIST: 'api.openai.com,storage.example.com',
};

it('asks nothing of a local storage', () => {
  expect(checkStorageSettings({})).toEqual([]);
  expect(checkStorageSettings({ ...whole, STORAGE: 'local', S3_BUCKET: '' })).toEqual([]);
});

it('accepts settings that are whole', () => {
  expect(checkStorageSettings(whole)).toEqual([]);
});

it('names everything that S3 lacks', () => {
  expect(checkStorageSettings({ STORAGE: 's3' })).toEqual([
    'S3_ENDPOINT: missing: must be set with STORAGE=s3',
    'S3_BUCKET: missing: must be set with STORAGE=s3',
    'S3_ACCESS_KEY_ID: missing: must be set with STORAGE=s3',
    'S3_SECRET_ACCESS_KEY: missing: must be set with STORAGE=s3',
  ]);
});

it('wants the host that is called among those that may be', () => {
  expect(checkStorageSettings({ ...whole, OUTBOUND_WHITELIST: 'api.openai.com' })).toEqual([
    'OUTBOUND_WHITELIST: "api.openai.com": must name "storage.example.com", the host of S3_ENDPOINT',
  ]);
  expect(checkStorageSettings({ ...whole, S3_PATH_STYLE: 'false' })).toEqual([
    expect.stringContaining('must name "files.storage.example.com", the host of S3_BUCKET at S3_ENDPOINT'),
  ]);
});

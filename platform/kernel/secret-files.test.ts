import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineSecret, defineVariable } from './environment.ts';
import { secretsFromFiles, secretsInEnvironment } from './secret-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'pandect-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const variables = [
  defineSecret('API_KEY', () => z.string().optional(), 'a secret'),
  defineVariable('NAME', () => z.string().optional(), 'no secret'),
];

const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

describe('secretsFromFiles', () => {
  it('reads a secret without the line end that editors add', () => {
    expect(secretsFromFiles(variables, { API_KEY_FILE: file('key', ' s3cret \r\n') })).toEqual({ API_KEY: ' s3cret ' });
  });

  it('takes secrets only, and nothing for an empty name', () => {
    expect(secretsFromFiles(variables, { NAME_FILE: file('name', 'x'), API_KEY_FILE: '' })).toEqual({});
  });

  it.each([
    ['a file that is missing', join(folder, 'none')],
    ['a folder', folder],
    ['an empty file', file('empty', '\n')],
    ['a file that cannot be a secret', file('large', 'x'.repeat(64 * 1024 + 1))],
  ])('refuses %s, and says which', (_, path) => {
    expect(() => secretsFromFiles(variables, { API_KEY_FILE: path })).toThrow(
      `API_KEY_FILE: "${path}": must be a file`,
    );
  });

  it('refuses two values without showing either', () => {
    const source = { API_KEY: 'one-value', API_KEY_FILE: file('other', 'another-value') };
    expect(() => secretsFromFiles(variables, source)).toThrow(/^(?!.*value).*API_KEY: set twice/s);
    expect(secretsFromFiles(variables, { ...source, API_KEY: 'another-value' })).toEqual({ API_KEY: 'another-value' });
  });
});

it('tells secrets that an environment shows from those in files', () => {
  expect(secretsInEnvironment(variables, { API_KEY: 'x', NAME: 'x' })).toEqual(['API_KEY']);
  expect(secretsInEnvironment(variables, { API_KEY: '', API_KEY_FILE: '/run/secrets/key' })).toEqual([]);
});

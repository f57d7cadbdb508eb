import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import { defineSecret } from '../kernel/environment.ts';
import { secretsFromFiles } from '../kernel/secret-files.ts';
import { openSettings } from './settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'pandect-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const composition = {
  variables: [defineSecret('API_KEY', () => z.string().optional(), 'a secret')],
  checkSettings: () => [],
};

it('reads a secret’s file again with the settings', async () => {
  const [key, settings] = [join(folder, 'key'), join(folder, 'settings')];
  writeFileSync(key, 'first\n');
  writeFileSync(settings, `API_KEY_FILE=${key}\n`);
  // As the command has left it, which has read the file once
  const live = await openSettings({ API_KEY_FILE: key, API_KEY: 'first' }, [settings], composition);
  expect(live.source).toEqual({ API_KEY: 'first' });
  writeFileSync(key, 'second\n');
  // What is given these settings reads no file that says another value by then
  expect(secretsFromFiles(composition.variables, live.source)).toEqual({});
  expect(await live.reread()).toEqual([]);
  expect(live.source.API_KEY).toBe('second');
  writeFileSync(key, '');
  await expect(live.reread()).rejects.toThrow(`API_KEY_FILE: "${key}"`);
  expect(live.source.API_KEY, 'as it was').toBe('second');
});

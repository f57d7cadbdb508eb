import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { temporaryHome } from '../../../services/temporary-home.ts';
import { errorsPath } from '../../../supervisor/errors/start-errors.ts';
import { commandEnvironment } from '../../../testing/command-environment.ts';

const { home, path, remove } = await temporaryHome();
afterAll(remove);

const main = join(import.meta.dirname, '../../../../pandect.ts');
const errors = (...args: string[]) =>
  promisify(execFile)(process.execPath, [main, 'errors', ...args], {
    env: { ...commandEnvironment, PANDECT_HOME: path, NO_COLOR: '1' },
  }).then(
    ({ stdout }) => stdout,
    ({ stderr }) => stderr,
  );

it('lists what a stopped platform wrote down, for people and for programs', async () => {
  expect(await errors()).toBe('No errors\n');
  const at = new Date(Date.now() - 3_600_000).toISOString();
  const hours = { [Math.floor(Date.parse(at) / 3_600_000)]: 12 };
  const group = {
    ...{
      unit: 'ask',
      name: 'RangeError',
      place: 'answer app.ts',
      frame: 'functions/ask/app.ts:1 answer',
      total: 12,
      hours,
    },
    ...{ firstSeen: at, lastSeen: at, release: 'aaaa', example: 'Request failed: RangeError: no' },
  };
  await writeFile(errorsPath(home.root), JSON.stringify({ positions: {}, groups: [group] }));
  const text = await errors();
  expect(text).toMatch(/^COUNT +NAME +ERROR +FIRST SEEN +LAST SEEN +RELEASE\n12 +ask +RangeError +\d/);
  expect(text).toContain('ask  RangeError  functions/ask/app.ts:1 answer\n  Request failed: RangeError: no\n');
  expect(JSON.parse(await errors('--json'))).toMatchObject([{ unit: 'ask', count: 12, total: 12, release: 'aaaa' }]);
  expect(await errors('--since', '30m')).toBe('No errors\n');
  expect(await errors('--unit', 'auth')).toBe('No errors\n');
});

it('counts for a week, and says so', async () => {
  expect(await errors('--since', '8d')).toContain('Errors are counted for 7 days.');
});

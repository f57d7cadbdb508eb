import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createOwnLog } from './own-log.ts';

it('the log of the supervisor is in the home, with what was written before the home was made', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  try {
    const path = join(folder, 'logs', 'supervisor.log');
    const { log, note } = createOwnLog(path, { level: 'warn', isReadable: true, fields: { process: 'supervisor' } });
    log.warn({ unit: 'ask' }, 'Early');
    await mkdir(join(folder, 'logs'));
    note('Starting PostgreSQL');
    log.info('Too little');
    log.error(new Error('late'), 'Late');
    const lines = (await readFile(path, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ level, message, process }) => [level, message, process])).toEqual([
      ['warn', 'Early', 'supervisor'],
      ['info', 'Starting PostgreSQL', 'supervisor'],
      ['error', 'Late', 'supervisor'],
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Hono } from 'hono';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { testOrganization } from '../../../../modules/testing/organization.ts';
import { createQueue, defineJob } from '../../../capabilities/queue/index.ts';
import { commandEnvironment } from '../../../testing/command-environment.ts';
import { testDatabase } from '../../../testing/database.ts';
import { operatorControl } from './operator-control.fixture.ts';

const database = await testDatabase();
const organization = await testOrganization(database);
const asked: unknown[] = [];
const queues = new Hono().post('/queues/:action', async (c) => {
  asked.push([c.req.param('action'), await c.req.json()]);
  return c.json({ queue: 'ingest', state: 'paused' });
});
const { path, close } = await operatorControl(database, queues);
afterAll(async () => {
  await close();
  await database.close();
});

const main = join(import.meta.dirname, '../../../../pandect.ts');
async function pandect(...args: string[]): Promise<{ code: number; output: string }> {
  const options = { env: { ...commandEnvironment, PANDECT_HOME: path, NO_COLOR: '1' } };
  return promisify(execFile)(process.execPath, [main, 'jobs', ...args], options).then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    ({ code, stderr }) => ({ code, output: stderr }),
  );
}

const ingest = defineJob({ queue: 'ingest', schema: z.looseObject({}) });

async function send(data: Record<string, unknown>): Promise<string> {
  const queue = createQueue(database.url('tenant'));
  await database.tenant.tenant(organization.id, (tx) => queue.send(tx, ingest, data, { group: organization.id }));
  await queue.close();
  const [row] = await database.owner`select id from pgboss.job where name = 'ingest' order by created_on desc limit 1`;
  return row?.id;
}

describe('pandect jobs', () => {
  it('lists, shows, retries and discards', async () => {
    const waiting = await send({ documentId: 'one' });
    const dead = await send({ documentId: 'two' });
    await database.owner`update pgboss.job set state = 'failed', output = '{"message":"AiFailure"}' where id = ${dead}`;

    const { output } = await pandect('list', 'ingest');
    expect(output).toMatch(new RegExp(`${waiting} +ingest +waiting +0/8`));
    const listed = await pandect('list', '--state', 'dead', '--json');
    expect(JSON.parse(listed.output)).toEqual([expect.objectContaining({ id: dead, error: 'AiFailure' })]);
    expect((await pandect('show', dead)).output).toMatch(/documentId +two/);
    expect(await pandect('retry', '--all', '--queue', 'ingest')).toMatchObject({ code: 0 });
    expect((await pandect('retry', '--all', '--queue', 'ingest')).output).toBe('No job of "ingest" is dead\n');
    expect((await pandect('discard', waiting)).output).toBe(`${waiting} is discarded\n`);
    expect(await pandect('show', waiting)).toEqual({
      code: 1,
      output: `Show job "${waiting}": there is no such job\n`,
    });
  });

  it('pauses and resumes a queue through the platform', async () => {
    expect((await pandect('pause', 'ingest')).output).toBe('Queue "ingest" is paused\n');
    await pandect('resume', 'ingest');
    expect(asked).toEqual([
      ['pause', { queue: 'ingest' }],
      ['resume', { queue: 'ingest' }],
    ]);
  });

  it.each([
    [['list', 'nowhere'], 'Find queue "nowhere": known are billing, chats, default, external, ingest, internal'],
    [['retry'], 'Retry jobs: name their ids, or --all with --queue'],
    [['retry', '--all'], 'Retry jobs: name their ids, or --all with --queue'],
    [
      ['retry', '--all', '--queue', 'nowhere'],
      'Find queue "nowhere": known are billing, chats, default, external, ingest, internal',
    ],
    [['discard', 'nonsense'], 'Discard job "nonsense": not an id'],
    [['list', '--limit', '0'], 'must be a whole number from 1'],
  ])('refuses %j and says why', async (args, message) => {
    const { code, output } = await pandect(...args);
    expect(code).toBe(1);
    expect(output).toContain(message);
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../../../platform/testing/database.ts';
import { testOrganization } from '../../../testing/organization.ts';
import { createCallMetering } from './call-metering.ts';
import { booksOf, newAttempt, newCall, priceTokens } from './calls.fixture.ts';
import { openJournal } from './journal.ts';
import { replayJournals } from './replay-journals.ts';

const database = await testDatabase();
const folder = await mkdtemp(join(tmpdir(), 'journal-'));
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});
await priceTokens(database);
const later = () => new Date(Date.now() + 3_600_000);
const program = new URL('./killed-process.fixture.ts', import.meta.url).pathname;

describe('a process that is killed', () => {
  it('loses no settlement: what is charged is what callers were answered', async () => {
    for (let round = 0; round < 3; round++) {
      const { id } = await testOrganization(database);
      const child = spawn(process.execPath, [program, database.url('tenant'), folder, id], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let printed = '';
      child.stdout.setEncoding('utf8').on('data', (text) => {
        printed += text;
      });
      await expect.poll(() => printed.length, { timeout: 20_000 }).toBeGreaterThan(0);
      await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 300));
      child.kill('SIGKILL');
      await once(child, 'close');
      await replayJournals(database.platform, folder, new Date());
      const charged = await database.owner<{ request: string; output: number; cost: string }[]>`
        select request_id as request, completion_tokens as output, cost from usage_logs where organization_id = ${id}`;
      const answered = printed
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' ') as [string, string]);
      expect(answered.length).toBeGreaterThan(0);
      const outputs = new Map(charged.map(({ request, output }) => [request, output]));
      for (const [request, output] of answered)
        expect([request, outputs.get(request)]).toEqual([request, Number(output)]);
      const books = await booksOf(database, id);
      await replayJournals(database.platform, folder, later());
      expect(await booksOf(database, id)).toEqual(books);
      expect(await readdir(folder)).toEqual([]);
    }
  });
});

describe('a journal', () => {
  it('is removed by its process once all of it is in the database, and an abandoned one by the process that reads it', async () => {
    const org = await testOrganization(database);
    const journal = openJournal(folder);
    const settings = { tokensPerMinute: { external: 1_000, internal: 1_000 } };
    const metering = createCallMetering(database.tenant, settings, { journal });
    const call = newCall(org);
    await metering.reserve(call);
    await metering.settle({
      ...{ organizationId: org.id, requestId: call.requestId, ending: 'settled', attempts: [newAttempt()] },
    });
    expect(await readdir(folder)).toHaveLength(1);
    await metering.flush();
    journal.close();
    expect(await readdir(folder)).toEqual([]);
    const abandoned = join(folder, 'old.jsonl');
    await writeFile(abandoned, '{"organizationId": "cut o');
    expect(await replayJournals(database.platform, folder, new Date())).toBe(0);
    expect(await readdir(folder)).toHaveLength(1);
    await utimes(abandoned, 0, 0);
    await replayJournals(database.platform, folder, new Date());
    expect(await readdir(folder)).toEqual([]);
    expect(await replayJournals(database.platform, join(folder, 'none'), new Date())).toBe(0);
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { advanceJob, beginBuild } from '../../modules/legal/index/index.ts';
import { indexSettings } from '../../modules/legal/index/provide-index-settings.ts';
import { readyDocument } from '../../modules/testing/document.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { createQueue } from '../../platform/capabilities/queue/index.ts';
import { createBoot } from '../../platform/runtime/boot.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { holdTable, startUnitProcess, untilBlocked } from '../../platform/testing/unit-process.ts';
import manifest from './worker.ts';

const database = await testDatabase();
const queue = createQueue(database.url('platform'));
const folder = await mkdtemp(join(tmpdir(), 'pandect-killed-'));
afterAll(async () => {
  await queue.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const start = () => startUnitProcess({ kind: 'worker', name: 'reindex', manifest }, database, { folder });
const states = async () =>
  (await database.owner`select state from index_generations order by generation`).map(({ state }) => state);
const chunks = async () => [
  ...(await database.owner`
    select generation, document_id, count(*)::int as n, count(distinct ordinal)::int as ordinals
    from chunks group by 1, 2 order by 1, 2`),
];

it('a build continues when its process is killed before its first chunk, and again before the switch', {
  timeout: 120_000,
}, async () => {
  const { id: organizationId } = await testOrganization(database);
  for (const subject of ['Lease', 'Supply']) {
    const content = Array.from({ length: 30 }, (_, n) => `Article ${n + 1}. ${subject} ${n}\n`).join('\n');
    await readyDocument({ database, folder, organizationId }, { content, fileName: `${subject}.txt` });
  }
  const before = await chunks();
  await database.platform.transaction(async (tx) => {
    await beginBuild(tx, { ...(await createBoot('test', {}).use(indexSettings)), dimensions: 64 });
    await queue.send(tx, advanceJob, { kind: 'advance' });
  });
  for (const table of ['chunks', 'index_generations']) {
    const held = await holdTable(database, table);
    const killed = await start();
    await untilBlocked(database, 'pandect reindex');
    await killed.kill();
    await held.release();
    expect(await states()).toEqual(['live', 'building']);
  }
  const last = await start();
  while ((await states()).join() !== 'kept,live') await sleep(50);
  await last.kill();
  expect(await chunks()).toEqual([...before, ...before.map((row) => ({ ...row, generation: 2 }))]);
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createErasureJournal, ERASURES_FOLDER, lastErasures, readErasures } from './erasure-journal.ts';

const id = crypto.randomUUID();
const [first, second] = [new Date('2026-01-31T12:00:00.000Z'), new Date('2026-02-01T12:00:00.000Z')];

it('knows the last time of one that was noted several times, in whichever order', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  try {
    const journal = createErasureJournal({ directory });
    for (const at of [second, first]) await journal.note({ kind: 'bot-user', id, at });
    expect(await readErasures(join(directory, ERASURES_FOLDER))).toEqual([{ kind: 'bot-user', id, at: second }]);
  } finally {
    await rm(directory, { recursive: true });
  }
});

it('takes the last of what several journals know', () => {
  const late = { kind: 'bot-user' as const, id, at: second };
  const other = { kind: 'organization' as const, id };
  expect(lastErasures([late, other, { ...late, at: first }])).toEqual([other, late]);
});

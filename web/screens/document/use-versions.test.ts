import type { Schemas } from '@pandect/client';
import { expect, it } from 'vitest';
import { readVersions } from './use-versions.ts';

type Document = Schemas['Document'];

const chain = (...ids: string[]) =>
  new Map(
    ids.map((id, at) => [id, { id, replaces: ids[at - 1] ?? null, replacedBy: ids[at + 1] ?? null } as Document]),
  );
const versionsFrom = async (all: Map<string, Document>, id: string) =>
  (await readVersions(all.get(id) as Document, async (each) => all.get(each))).map((version) => version.id);

it.each(['1', '2', '3'])('gives all versions, the newest first, from version %s', async (id) => {
  expect(await versionsFrom(chain('1', '2', '3'), id)).toEqual(['3', '2', '1']);
});

it('ends where a version was deleted', async () => {
  const all = chain('1', '2', '3', '4');
  all.delete('2');
  expect(await versionsFrom(all, '3')).toEqual(['4', '3']);
});

it('ends where versions name each other in a circle', async () => {
  const all = new Map([
    ['1', { id: '1', replaces: '2', replacedBy: '2' } as Document],
    ['2', { id: '2', replaces: '1', replacedBy: '1' } as Document],
  ]);
  expect(await versionsFrom(all, '1')).toEqual(['2', '1']);
});

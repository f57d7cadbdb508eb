import { expect, it } from 'vitest';
import { createStoredUnits } from './stored-units.ts';

const id = '0b9f3c1e-8a2d-4a53-9d1f-3f6a1c2b4d5e';
const ranked = [{ chunkId: 'chunk', documentId: 'document', score: 1 }];
const unit = { documentId: 'document', unitStart: 0, unitEnd: 10, score: 1 };

/** Units of a database that has the one above, with a text of so many characters; `asked` says what it was asked for. */
function storedUnits(length = 10) {
  const asked: string[] = [];
  const tenantStatement = async (_: string, text: string) => {
    const what = ['unnest', 'document_texts', 'chunks'].find((name) => text.includes(name)) as string;
    asked.push(what);
    if (what === 'chunks') return [{ id: 'chunk', unitStart: 0, unitEnd: 10, headingPath: [], title: 'Lease' }];
    if (what === 'document_texts') return [{ documentId: 'document', pageStarts: [0] }];
    return [{ documentId: 'document', unitStart: 0, text: 'a'.repeat(length), page: 1 }];
  };
  return { asked, units: createStoredUnits({ tenantStatement: tenantStatement as never }, 1) };
}

it('asks the database once for each chunk and unit, until the documents are others', async () => {
  const { asked, units } = storedUnits();
  const look = async (version: number) => {
    const placed = await units.place({ id, version }, ranked);
    return { placed, texts: await units.read({ id, version }, [unit]) };
  };
  const first = await look(1);
  expect(first.placed).toEqual([
    { documentId: 'document', unitStart: 0, unitEnd: 10, score: 1, headingPath: [], title: 'Lease' },
  ]);
  expect(first.texts).toMatchObject([{ text: 'aaaaaaaaaa', page: 1, pageStarts: [0] }]);
  expect(await look(1)).toEqual(first);
  expect(asked).toEqual(['chunks', 'document_texts', 'unnest']);
  await look(2);
  expect(asked).toHaveLength(6);
});

it('gives up the organization that was searched longest ago when there is too much', async () => {
  const { asked, units } = storedUnits(900_000);
  const read = (organization: string) => units.read({ id: organization, version: 1 }, [unit]);
  await read('first');
  await read('second');
  await read('first');
  await read('third');
  const before = asked.length;
  await read('first');
  expect(asked).toHaveLength(before);
  await read('second');
  expect(asked).toHaveLength(before + 2);
});

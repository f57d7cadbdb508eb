import { expect, it } from 'vitest';
import { namesOf } from './names.ts';

it('takes for names of a document what its first lines write large or in figures', () => {
  expect([...namesOf('Договор аренды № 7/2024 между ООО «Ромашка» и ИП Петров')]).toEqual([
    ...['договор', '7/2024', '7', '2024', 'оо', 'ромашк', 'ип', 'петр'],
  ]);
});

import { expect, it } from 'vitest';
import { countStoreys, readStoreys } from './storeys.ts';

/** Between two writings of the table a storey may grow by so much. */
const SHARE = 0.2;

it('the table of storeys in docs/architecture.md has every storey, and is no more than a fifth off', async () => {
  const [counted, written] = [await countStoreys(), await readStoreys()];
  expect(written.map(({ folder }) => folder)).toEqual(counted.map(({ folder }) => folder));
  const isOff = (before: number, now: number) => Math.abs(now - before) > Math.max(3, SHARE * before);
  const off = counted.filter(({ files, lines }, index) => {
    const before = written[index];
    return before === undefined || isOff(before.files, files) || isOff(before.lines, lines);
  });
  expect(off, 'run node scripts/storeys.ts').toEqual([]);
});

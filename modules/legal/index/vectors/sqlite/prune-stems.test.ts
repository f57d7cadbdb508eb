import { describe, expect, it } from 'vitest';
import { pruneStems } from './prune-stems.ts';

const prune = (frequencies: Record<string, number>, chunks: number) =>
  pruneStems(
    Object.entries(frequencies).map(([stem, held]) => ({ stem, chunks: held })),
    chunks,
  );

describe('pruneStems', () => {
  it('puts rare stems first and drops those that nothing holds', () => {
    expect(prune({ pay: 40, escrow: 2, unicorn: 0 }, 100)).toEqual(['escrow', 'pay']);
  });

  it('drops stems that more than half of the chunks hold', () => {
    expect(prune({ contract: 51, notice: 50, escrow: 1 }, 100)).toEqual(['escrow', 'notice']);
  });

  it('keeps the rarest when all are common', () => {
    expect(prune({ contract: 90, party: 80 }, 100)).toEqual(['party']);
    expect(prune({ contract: 90_000 }, 100_000)).toEqual(['contract']);
  });

  it('stops where reading would take too long', () => {
    expect(prune({ notice: 10_000, escrow: 100, term: 30_000, price: 5_000 }, 100_000)).toEqual([
      'escrow',
      'price',
      'notice',
    ]);
  });

  it('gives nothing when no chunk holds any', () => {
    expect(prune({ unicorn: 0 }, 100)).toEqual([]);
    expect(prune({}, 0)).toEqual([]);
  });
});

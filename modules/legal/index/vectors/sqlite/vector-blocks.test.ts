import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { openVectorBlocks, vectorBlocksSchema } from './vector-blocks.ts';

// Not a multiple of four, so that the last places of a product count as well.
const dimensions = 7;
const open = () => {
  const db = new DatabaseSync(':memory:');
  db.exec(vectorBlocksSchema);
  return openVectorBlocks(db, dimensions);
};
const random = () => Float32Array.from({ length: dimensions }, () => Math.random() - 0.5);
const product = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

it('finds exactly the nearest, nearest first, among all and among some, after changes and removals', () => {
  const blocks = open();
  const kept = new Map<number, Float32Array>();
  const set = (number: number) => {
    kept.set(number, random());
    blocks.set(number, kept.get(number) as Float32Array);
  };
  for (let number = 1; number <= 500; number++) set(number);
  for (let number = 3; number <= 500; number += 7) set(number);
  for (let number = 5; number <= 500; number += 3) {
    blocks.remove(number);
    kept.delete(number);
  }
  const query = random();
  const order = [...kept.keys()].toSorted(
    (a, b) => product(kept.get(b) as Float32Array, query) - product(kept.get(a) as Float32Array, query),
  );
  const nearest = (limit: number, among?: Set<number>) =>
    blocks.nearest(query, limit, among).map(({ number }) => number);
  expect(nearest(40)).toEqual(order.slice(0, 40));
  expect(nearest(1000)).toEqual(order);
  for (const { number, similarity } of blocks.nearest(query, 5))
    expect(similarity).toBeCloseTo(product(kept.get(number) as Float32Array, query), 5);
  const some = new Set([1, 2, 4, 5, 99, 100, 499, 1000]);
  expect(nearest(3, some)).toEqual(order.filter((number) => some.has(number)).slice(0, 3));
});

it('gives no removed vector, though nothing else is there', () => {
  const blocks = open();
  blocks.set(1, random());
  blocks.remove(1);
  expect(blocks.nearest(random(), 5)).toEqual([]);
});

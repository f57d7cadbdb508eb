import { expect, it } from 'vitest';
import { actInParts } from './act-in-parts.ts';

it('names each job once, in parts whose keys are the same the next time', async () => {
  const ids = Array.from({ length: 450 }, (_, index) => `job-${index}`);
  const sent: { part: string[]; key: string }[] = [];
  const act = async (part: string[], key: string) => {
    sent.push({ part, key });
    if (sent.length === 2) throw new Error('No answer');
    return { done: part.length };
  };
  await expect(actInParts(ids, 'a', act)).rejects.toThrow('No answer');
  expect(await actInParts(ids, 'a', act)).toEqual({ done: 450 });
  const [, , ...again] = sent;
  expect(again.flatMap(({ part }) => part)).toEqual(ids);
  expect(again.map(({ part, key }) => [part.length, key])).toEqual([
    [200, 'a'],
    [200, 'a-200'],
    [50, 'a-400'],
  ]);
  expect(sent.slice(0, 2)).toEqual(again.slice(0, 2));
});

import { expect, it } from 'vitest';
import type { DocumentParser } from '../contract.ts';
import { limitReadings } from './limit-readings.ts';

it('reads as many documents at a time as are allowed, in their order, also after one has failed', async () => {
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const parser: DocumentParser = {
    parse({ path }) {
      begun.push(path);
      return new Promise((resolve, reject) => {
        ends.set(path, (error) => (error ? reject(error) : resolve({} as never)));
      });
    },
  };
  const limited = limitReadings(parser, 2);
  const results = ['a', 'b', 'c', 'd'].map((path) => limited.parse({ path, format: 'txt' }).then(() => path, String));
  await Promise.resolve();
  expect(begun).toEqual(['a', 'b']);
  ends.get('b')?.(new Error('broken'));
  expect(await results[1]).toBe('Error: broken');
  expect(begun).toEqual(['a', 'b', 'c']);
  for (const path of ['a', 'c']) ends.get(path)?.();
  await Promise.all([results[0], results[2]]);
  ends.get('d')?.();
  expect(await results[3]).toBe('d');
});

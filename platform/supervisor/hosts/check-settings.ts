import type { Source } from '../../kernel/composition.ts';

/** Where the parts are that every host must reach; those of one host's home would be other ones on each. */
const needed: readonly [name: string, value: string | undefined][] = [
  ['DATABASE_URL', undefined],
  ['REDIS_URL', undefined],
  ['STORAGE', 's3'],
  ['QDRANT_URL', undefined],
];

/** What several hosts ask of the settings: a line for each mistake. */
export function checkHostSettings(source: Source): string[] {
  const count = Number(source.PANDECT_HOSTS ?? 1);
  if (!(count > 1)) return [];
  return needed.flatMap(([name, value]) => {
    const isGood = value === undefined ? Boolean(source[name]) : source[name] === value;
    return isGood ? [] : [`${name}: must be ${value ?? 'set'} with PANDECT_HOSTS=${count}`];
  });
}

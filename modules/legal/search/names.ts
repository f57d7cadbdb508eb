import { stems, words } from '../text/index.ts';

/** Stems by which a document may be named: what its first lines write large or in figures. */
export function namesOf(head: string): Set<string> {
  const names = new Set<string>();
  for (const { start, end } of words(head)) {
    const raw = head.slice(start, end);
    if (/^\p{Lu}|\d/u.test(raw)) for (const stem of stems(raw)) names.add(stem);
  }
  return names;
}

import type { Person } from './gather-people.ts';
import type { Repeated } from './open-loop.ts';

/** Of twenty requests in a row. */
export const MIX = { limits: 8, documents: 6, conversations: 4, search: 2 } as const;
export type Kind = keyof typeof MIX;
export const kinds = Object.keys(MIX) as Kind[];
const round = kinds.flatMap((kind) => Array.from({ length: MIX[kind] }, () => kind));
const paths: Record<Kind, string> = {
  limits: '/api/limits',
  documents: '/api/documents',
  conversations: '/api/conversations',
  search: '/api/search',
};

/** Each person asks in their turn, and not all the same at once. */
export function requestOf(origin: string, person: Person, count: number): Repeated {
  const kind = round[(count * 7) % round.length] as Kind;
  const isSearch = kind === 'search';
  return {
    ...{ origin, kind, path: paths[kind], headers: person.headers, ending: '}' },
    method: isSearch ? 'POST' : 'GET',
    body: isSearch ? Buffer.from(JSON.stringify({ query: person.words(count).join(' ') })) : Buffer.alloc(0),
  };
}

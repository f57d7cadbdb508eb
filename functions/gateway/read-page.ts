import type { Context } from 'hono';
import type { Page } from '../../modules/models/files/list-files.ts';
import { Problem } from '../../platform/kernel/problem.ts';
import { invalidRequest } from '../../platform/kernel/problems.ts';

const [USUAL, MOST] = [20, 100];

/** The page of a list that a request asks for, as OpenAI's clients do. @throws Problem invalid-request */
export function readPage(c: Context): Page {
  const { limit = String(USUAL), after, order } = c.req.query();
  const wanted = /^\d{1,6}$/.test(limit) ? Number(limit) : 0;
  if (wanted < 1) throw invalid('limit', `must be a whole number from 1 to ${MOST}`);
  if (order !== undefined && order !== 'asc' && order !== 'desc') throw invalid('order', 'must be "asc" or "desc"');
  return { limit: Math.min(wanted, MOST), after, order };
}

const invalid = (name: string, message: string) =>
  new Problem(invalidRequest, { errors: [{ path: `query.${name}`, message }] });

/** A page of records as OpenAI's clients read it. @param rows one more than the page holds when there are more */
export function showPage<Row, Shown extends { id: string }>(
  { limit }: Page,
  rows: readonly Row[],
  show: (row: Row) => Shown,
) {
  const data = rows.slice(0, limit).map(show);
  return {
    ...{ object: 'list' as const, data, has_more: rows.length > limit },
    ...{ first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null },
  };
}

import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { insideRoute } from '../../app/routes.tsx';

export const statuses = ['queued', 'processing', 'ready', 'failed', 'replaced'] as const;
export const types = ['statute', 'contract', 'court', 'policy', 'letter', 'other'] as const;
export const languages = ['ru', 'en'] as const;

export interface DocumentFilter {
  status?: (typeof statuses)[number];
  type?: (typeof types)[number];
  language?: (typeof languages)[number];
  /** Words of the title, or parts of them. */
  query?: string;
}

const LONGEST_QUERY = 200;

/** What the address says; what is not known there is left out. */
export function readDocumentFilter({ status, type, language, query }: Record<string, unknown>): DocumentFilter {
  const oneOf = <Value extends string>(values: readonly Value[], value: unknown) =>
    values.find((each) => each === value);
  const [known, kind, written] = [oneOf(statuses, status), oneOf(types, type), oneOf(languages, language)];
  const words = typeof query === 'string' ? query.slice(0, LONGEST_QUERY) : '';
  return {
    ...(known && { status: known }),
    ...(kind && { type: kind }),
    ...(written && { language: written }),
    ...(words.trim() !== '' && { query: words }),
  };
}

export const documentsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/documents',
  validateSearch: readDocumentFilter,
  component: lazyRouteComponent(() => import('./documents.tsx')),
});

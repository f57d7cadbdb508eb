import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { insideRoute } from '../../app/routes.tsx';
import { languages, types } from '../documents/route.ts';

export interface SearchAddress {
  q?: string;
  type?: (typeof types)[number];
  language?: (typeof languages)[number];
}

const LONGEST_QUERY = 4_000;

/** What the address says; what is not known there is left out. */
export function readSearch({ q, type, language }: Record<string, unknown>): SearchAddress {
  const kind = types.find((each) => each === type);
  const written = languages.find((each) => each === language);
  // An address such as `?q=2024` is read as a number.
  const query = typeof q === 'string' || typeof q === 'number' ? String(q).slice(0, LONGEST_QUERY) : '';
  return {
    ...(query.trim() !== '' && { q: query }),
    ...(kind && { type: kind }),
    ...(written && { language: written }),
  };
}

export const searchRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/search',
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import('./search.tsx')),
});

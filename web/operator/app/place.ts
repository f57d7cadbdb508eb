import { useMemo, useSyncExternalStore } from 'react';

/*
 * Where the console stands: a path below `/operator` and the filters in its search. It has a dozen screens without nesting and loads nothing
 * before it shows one, so that the address and the history of the browser are all the routing that it needs.
 */

const followers = new Set<() => void>();

function follow(changed: () => void): () => void {
  followers.add(changed);
  window.addEventListener('popstate', changed);
  return () => {
    followers.delete(changed);
    window.removeEventListener('popstate', changed);
  };
}

/** The console's own part of addresses: `/operator`, or that of a preview, as the page itself says. */
function basePath(): string {
  const site = document.querySelector<HTMLMetaElement>('meta[name="base"]')?.content ?? '/';
  return `${site.replace(/\/$/, '')}/operator`;
}

/** The address in the browser of a place, such as `/units/ask?tab=history`; it stays on the host that is shown. */
export const addressOf = (to: string): string => withHost(`${basePath()}${to === '/' ? '' : to}`, shownHost());

/** The id of the host that the page shows; undefined where no one has to choose. */
export const shownHost = (): string | undefined => new URLSearchParams(window.location.search).get('host') || undefined;

export const useShownHost = (): string | undefined => useSyncExternalStore(follow, shownHost);

/** Shows another host at the same place. A change that is followed there is one of the host before. */
export function showHost(host: string): void {
  const parameters = new URLSearchParams(window.location.search);
  const isFirst = !parameters.has('host');
  parameters.set('host', host);
  if (!isFirst) parameters.delete('change');
  const address = `${window.location.pathname}?${parameters}`;
  if (isFirst) window.history.replaceState(null, '', address);
  else window.history.pushState(null, '', address);
  for (const changed of [...followers]) changed();
}

/** An address with the host that answers there. */
export const withHost = (address: string, host: string | undefined): string =>
  host === undefined ? address : `${address}${address.includes('?') ? '&' : '?'}host=${encodeURIComponent(host)}`;

/** The path below the console of an address in the browser; `/` is its first screen. */
export function pathOf(pathname: string, base: string): string {
  const path = pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : '/';
  return path.length > 1 ? path.replace(/\/+$/, '') || '/' : path;
}

/** Goes to a place. @param replace the present one in the history, such as while a filter is typed */
export function go(to: string, { replace = false } = {}): void {
  if (replace) window.history.replaceState(null, '', addressOf(to));
  else {
    window.history.pushState(null, '', addressOf(to));
    window.scrollTo(0, 0);
  }
  for (const changed of [...followers]) changed();
}

export function usePath(): string {
  return useSyncExternalStore(follow, () => pathOf(window.location.pathname, basePath()));
}

/**
 * Filters that stand in the address, so that a link shows the same.
 * @returns what is set of the named ones, and how to change some: undefined or an empty text takes one away
 */
export function useFilters<Name extends string>(names: readonly Name[]) {
  const search = useSyncExternalStore(follow, () => window.location.search);
  const known = names.join(' ');
  return useMemo(() => {
    const parameters = new URLSearchParams(search);
    const filters: Partial<Record<Name, string>> = {};
    for (const name of known.split(' ') as Name[]) {
      const value = parameters.get(name);
      if (value) filters[name] = value;
    }
    const set = (change: Partial<Record<Name, string | undefined>>) => {
      go(withSearch(pathOf(window.location.pathname, basePath()), { ...filters, ...change }), { replace: true });
    };
    return [filters, set] as const;
  }, [search, known]);
}

/** A place with filters; those without a value are left out. */
export function withSearch(path: string, filters: Record<string, string | undefined>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) if (value) parameters.set(name, value);
  const search = parameters.toString();
  return search ? `${path}?${search}` : path;
}

/** A segment of a path from any text. */
export const segment = (text: string): string => encodeURIComponent(text);

/** Where the steps of a change are shown: on the page of its unit, and those of a backup, which is of no unit, on the one of backups. */
export const placeOfChange = ({ unit, id }: { unit: string; id: string }): string =>
  withSearch(unit === '' ? '/backups' : `/units/${segment(unit)}`, { change: id });

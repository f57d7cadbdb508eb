import { useEffect, useState } from 'react';

/*
 * Letters carry their token behind the `#`, which browsers send to no server. It is taken out of the address at once, so that it stays
 * neither in the history nor in a copied address, and kept for as long as the page lives.
 */

let kept: { path: string; token: string } | undefined;

/** The token that the address has or had; undefined without one. */
export function keepLetterToken({ pathname, hash }: Pick<Location, 'pathname' | 'hash'>): string | undefined {
  const token = new URLSearchParams(hash.slice(1)).get('token');
  if (token) kept = { path: pathname, token };
  return kept?.path === pathname ? kept.token : undefined;
}

/** The token of the letter that led here, or of a later one whose link was opened in the same tab. */
export function useLetterToken(): string | undefined {
  const [token, setToken] = useState(() => keepLetterToken(window.location));
  useEffect(() => {
    const take = () => {
      const { pathname, search, hash } = window.location;
      setToken(keepLetterToken(window.location));
      if (hash) window.history.replaceState(window.history.state, '', `${pathname}${search}`);
    };
    take();
    window.addEventListener('hashchange', take);
    return () => window.removeEventListener('hashchange', take);
  }, []);
  return token;
}

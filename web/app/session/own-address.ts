/**
 * An address to go to after sign-in, from the address bar: `/documents?status=ready`. Undefined for one that could lead away, which
 * anybody can put there.
 */
export function ownAddress(next: unknown): string | undefined {
  // Browsers read a backslash as a slash, and leave tabs and line breaks out.
  return typeof next === 'string' && /^\/(?![/\\])[^\\\p{Cc}]*$/u.test(next) ? next : undefined;
}

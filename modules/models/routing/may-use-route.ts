/**
 * Whether a key may name a route at the gateway. Patterns are compared by whole segments; `*` as the last one stands for the rest of a
 * name, which has at least one segment.
 * @param allowed undefined allows all
 */
export function mayUseRoute(name: string, allowed: readonly string[] | undefined): boolean {
  if (!allowed) return true;
  const segments = name.split('/');
  return allowed.some((pattern) => {
    const parts = pattern.split('/');
    if (parts.at(-1) !== '*') return pattern === name;
    return segments.length >= parts.length && parts.slice(0, -1).every((part, index) => part === segments[index]);
  });
}

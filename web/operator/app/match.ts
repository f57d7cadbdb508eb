/**
 * What a path has in place of the names of a pattern: `/units/:name` with `/units/ask` gives `{ name: 'ask' }`. Undefined where it is another
 * path.
 */
export function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = decoded(given[index] as string);
    if (part.startsWith(':') ? !value : part !== value) return undefined;
    if (part.startsWith(':')) params[part.slice(1)] = value as string;
  }
  return params;
}

/** Undefined for what is no encoded text. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

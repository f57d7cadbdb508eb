const variantStrength = 0.6;
const shortestVariant = 5;

/**
 * How surely a text that has the stems `own` speaks of `stem`: 1 when it has it; less when it has one of the same root
 * that stemming keeps apart (содержат / содержание, transfer / transferable); 0 otherwise.
 */
export function matchStrength(stem: string, own: ReadonlySet<string>): number {
  if (own.has(stem)) return 1;
  if (stem.length < shortestVariant || /\d/.test(stem)) return 0;
  for (const other of own) if (isVariant(stem, other)) return variantStrength;
  return 0;
}

/** One begins like the other but for its last letter, and makes up most of the longer one. */
function isVariant(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length);
  if (shorter < shortestVariant) return false;
  const root = a.slice(0, Math.max(shortestVariant, shorter - 1));
  return b.startsWith(root) && root.length >= Math.max(a.length, b.length) * 0.6;
}

/** What callers know ids by: a word that says of what, and the id without its dashes, such as `file-9c3f…`. */
export type IdPrefix = 'file-' | 'batch_' | 'async_';

export const publicId = (prefix: IdPrefix, id: string): string => prefix + id.replaceAll('-', '');

/** The id; undefined for a text that is none. */
export function readPublicId(prefix: IdPrefix, text: string): string | undefined {
  const hex = text.startsWith(prefix) ? text.slice(prefix.length) : '';
  if (!/^[0-9a-f]{32}$/.test(hex)) return undefined;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

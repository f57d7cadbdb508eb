/** Elements whose end may be left out, and those that have none: however many there are, they nest no deeper. */
const flat = new Set(
  'p li dt dd tr td th thead tbody tfoot option br hr img input meta link area base col embed source track wbr'.split(
    ' ',
  ),
);
const tag = /<(\/?)([a-z][a-z0-9-]{0,30})/gi;

/** Whether elements stand in each other more than `most` deep, distinguished from the tags alone. */
export function isNestedDeeper(html: string, most: number): boolean {
  let depth = 0;
  for (const [, slash, name = ''] of html.matchAll(tag)) {
    if (flat.has(name.toLowerCase())) continue;
    depth = slash === '' ? depth + 1 : Math.max(0, depth - 1);
    if (depth > most) return true;
  }
  return false;
}

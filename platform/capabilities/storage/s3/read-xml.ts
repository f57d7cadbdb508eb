import { SaxesParser } from 'saxes';

/**
 * Texts of the elements with these names below each `<item>`, one record an item; of repeated names the first. An answer that is
 * cut off or not XML gives what stood before the fault.
 */
export function itemsOf(xml: string, item: string, names: readonly string[]): Record<string, string>[] {
  const items: Record<string, string>[] = [];
  const parser = new SaxesParser();
  let current: Record<string, string> | undefined;
  let text = '';
  let isBroken = false;
  parser.on('opentag', ({ name }) => {
    text = '';
    if (name === item) current ??= {};
  });
  parser.on('text', (part) => {
    text += part;
  });
  parser.on('closetag', ({ name }) => {
    if (isBroken) return;
    if (name === item && current) {
      items.push(current);
      current = undefined;
    } else if (current && names.includes(name)) current[name] ??= text;
  });
  parser.on('error', () => {
    isBroken = true;
  });
  parser.write(xml).close();
  if (current) items.push(current);
  return items;
}

/** The same of the whole document, whatever its root is called. */
export function textsOf(xml: string, names: readonly string[]): Record<string, string | undefined> {
  const root = /<([A-Za-z]\w*)/.exec(xml)?.[1];
  return (root === undefined ? undefined : itemsOf(xml, root, names)[0]) ?? {};
}

import { ParseFailure } from '../contract.ts';
import { readXml } from '../markup/xml-events.ts';

/** The texts of an XFA form's template in its order, its fields with their values, and values that no field shows. */
export function xfaText(packets: readonly Uint8Array[]): string {
  const values = new Map<string, string[]>();
  for (const packet of packets) wellFormed(() => collectValues(packet, values));
  const lines: string[] = [];
  for (const packet of packets) wellFormed(() => collectTemplate(packet, values, lines));
  for (const [name, rest] of values) for (const value of rest) lines.push(`${name}: ${value}`);
  return lines.join('\n');
}

/** The first and last packet of a form are the opening and the closing of an element, neither of which is XML by itself. */
function wellFormed(read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
  }
}

const local = (name: string) => name.slice(name.indexOf(':') + 1);

/** Of `<datasets><data>`: the texts of its elements by their names. */
function collectValues(packet: Uint8Array, values: Map<string, string[]>): void {
  const path: { name: string; text: string; hasChildren: boolean }[] = [];
  readXml(
    packet,
    {},
    {
      open({ name }) {
        const above = path.at(-1);
        if (above) above.hasChildren = true;
        path.push({ name: local(name), text: '', hasChildren: false });
      },
      text(text) {
        const open = path.at(-1);
        if (open) open.text += text;
      },
      close() {
        const isData = path.some(({ name }, index) => name === 'data' && path[index - 1]?.name === 'datasets');
        const closed = path.pop();
        if (!closed || !isData || closed.name === 'data' || closed.hasChildren || closed.text.trim() === '') return;
        values.set(closed.name, [...(values.get(closed.name) ?? []), closed.text.trim()]);
      },
    },
  );
}

const textElements = new Set(['text', 'exData', 'float', 'integer', 'decimal', 'date', 'dateTime', 'time']);
const hiddenPresence = new Set(['hidden', 'invisible', 'inactive']);

function collectTemplate(packet: Uint8Array, values: Map<string, string[]>, lines: string[]): void {
  const path: string[] = [];
  let inTemplate = 0;
  let hidden = 0;
  let field: { name: string; caption: string; value: string } | undefined;
  let text = '';
  readXml(
    packet,
    {},
    {
      open({ name, attribute }) {
        path.push(local(name));
        if (local(name) === 'template') inTemplate += 1;
        if (hidden > 0 || hiddenPresence.has(attribute('presence') ?? '')) hidden += 1;
        if (local(name) === 'field') field = { name: attribute('name') ?? '', caption: '', value: '' };
        if (textElements.has(local(name))) text = '';
      },
      text(part) {
        if (inTemplate > 0 && path.includes('value') && path.some((each) => textElements.has(each))) text += part;
      },
      close(name) {
        path.pop();
        if (textElements.has(local(name)) && path.includes('value') && inTemplate > 0) {
          const shown = text.replaceAll(/\s+/g, ' ').trim();
          text = '';
          if (field && path.includes('caption')) field.caption = shown;
          else if (field && path.at(-1) === 'value' && !path.includes('items')) field.value = shown;
          else if (hidden === 0 && shown !== '' && !path.includes('items')) lines.push(shown);
        }
        if (local(name) === 'field' && field) {
          const value = values.get(field.name)?.shift() ?? field.value;
          const line = [field.caption, value].filter((each) => each !== '').join(' ');
          if (hidden === 0 && line !== '') lines.push(line);
          field = undefined;
        }
        if (local(name) === 'template') inTemplate -= 1;
        if (hidden > 0) hidden -= 1;
      },
    },
  );
}

import type { FormulaNode } from '../markup/formula.ts';
import type { TextFlow } from '../markup/text-flow.ts';
import { readXml, type XmlElement } from '../markup/xml-events.ts';
import { setDrawingProperty } from './drawing.ts';
import { closed, endFormula } from './ends.ts';
import { type DocxTextOptions, OpenElements } from './open-elements.ts';
import { wordNamespaces } from './parts.ts';
import { isHiddenAnnotation, propertyLists, setProperty } from './properties.ts';
import { opened } from './starts.ts';

/** Elements whose text does not show: deleted and moved-away text, the pronunciation over a word. */
const hidden = new Set(['w:del', 'w:moveFrom', 'w:delText', 'w:delInstrText', 'w:rt', 'w:binData']);
const breaks: Record<string, string> = {
  'w:tab': '\t',
  'w:br': '\n',
  'w:cr': '\n',
  'w:noBreakHyphen': '-',
  'w:softHyphen': '\u00ad',
  'w:ptab': '\t',
};

/**
 * Writes the text of a part (the body, the notes, a header) into a flow as Word shows it with all changes accepted:
 * inserted text in, deleted text, rows and paragraph ends out, numbers of paragraphs before them, form fields with what
 * they hold, raised figures raised.
 */
export function readDocxText(bytes: Uint8Array, flow: TextFlow, options: DocxTextOptions): void {
  const open = new OpenElements(flow, options);
  readXml(bytes, wordNamespaces, {
    open: (element) => openElement(open, element),
    close(name) {
      if (open.skipped > 0) open.skipped -= 1;
      else if (open.formula.length > 0) {
        const node = open.formula.pop() as FormulaNode;
        if (open.formula.length === 0) endFormula(open, node);
      } else if (open.properties.length > 0) open.properties.pop();
      else closed[name]?.(open);
    },
    text(text) {
      if (open.skipped > 0 || open.properties.length > 0) return;
      const node = open.formula.at(-1);
      if (node) {
        if (node.name === 'm:t' || node.name === 'w:t') node.children.push(text);
      } else if (open.inText) open.write(text);
      else if (open.inInstructions) open.fields.instructions(text);
    },
  });
}

function openElement(open: OpenElements, element: XmlElement): void {
  const { name } = element;
  const isSkipped =
    open.skipped > 0 ||
    ((name === 'mc:Choice' || name === 'mc:Fallback') && open.alternates.at(-1)?.done === true) ||
    (open.properties.length === 0 && (hidden.has(name) || isHiddenAnnotation(element)));
  if (isSkipped) {
    open.skipped += 1;
  } else if (open.formula.length > 0 || name === 'm:oMath') {
    const node: FormulaNode = { name, children: [], attribute: element.attribute };
    open.formula.at(-1)?.children.push(node);
    open.formula.push(node);
  } else if (open.properties.length > 0 || propertyLists.has(name)) {
    open.properties.push(name);
    setProperty(open, element);
  } else {
    const drawing = open.drawings.at(-1);
    if (drawing) setDrawingProperty(drawing, element);
    open.fields.formProperty(element);
    if (opened[name]) opened[name](open, element);
    else if (open.runs.length > 0 && breaks[name] !== undefined) open.write(breaks[name]);
  }
}

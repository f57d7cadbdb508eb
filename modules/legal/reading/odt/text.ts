import type { FormulaNode } from '../markup/formula.ts';
import { mathmlText } from '../markup/mathml.ts';
import type { TextFlow } from '../markup/text-flow.ts';
import { type Namespaces, readXml } from '../markup/xml-events.ts';
import { closed, opened } from './elements.ts';
import { createListStyleReader } from './lists.ts';
import { createTextStyleReader } from './looks.ts';
import { type OdtStyles, type OdtTextOptions, OpenElements } from './open-elements.ts';

const oasis = 'urn:oasis:names:tc:opendocument:xmlns';
const namespaces: Namespaces = {
  [`${oasis}:office:1.0`]: 'office',
  [`${oasis}:text:1.0`]: 'text',
  [`${oasis}:table:1.0`]: 'table',
  [`${oasis}:style:1.0`]: 'style',
  [`${oasis}:drawing:1.0`]: 'draw',
  [`${oasis}:form:1.0`]: 'form',
  [`${oasis}:svg-compatible:1.0`]: 'svg',
  [`${oasis}:xsl-fo-compatible:1.0`]: 'fo',
  'urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0': 'field',
  'http://www.w3.org/1999/xlink': 'xlink',
  'http://www.w3.org/1998/Math/MathML': 'math',
  'http://www.w3.org/XML/1998/namespace': 'xml',
};

/** Not shown, or not text: deletions that are remembered, comments, scripts, the number of a note, cells under others. */
const hidden = new Set([
  'text:tracked-changes',
  'office:annotation',
  'text:note-citation',
  'text:ruby-text',
  'text:script',
  'text:sequence-decls',
  'table:covered-table-cell',
]);
/** Styles in a part, which may be the content itself. */
export function readOdtStyles(bytes: Uint8Array, { lists, texts }: OdtStyles): void {
  const readers = [createListStyleReader(lists), createTextStyleReader(texts)];
  readXml(bytes, namespaces, {
    open: (element) => {
      for (const reader of readers) reader.open(element);
    },
    close: (name) => {
      for (const reader of readers) reader.close(name);
    },
    text: () => {},
  });
}

/** The formula that an object's own part holds, if it is one. */
export function readOdtFormula(bytes: Uint8Array): string | undefined {
  const nodes: FormulaNode[] = [];
  let root: FormulaNode | undefined;
  readXml(bytes, namespaces, {
    open({ name, attribute }) {
      if (nodes.length === 0 && name !== 'math:math') return;
      const node: FormulaNode = { name: name.replace(/^.*:/, ''), attribute, children: [] };
      nodes.at(-1)?.children.push(node);
      nodes.push(node);
      root ??= node;
    },
    close: () => void nodes.pop(),
    text: (text) => void nodes.at(-1)?.children.push(text),
  });
  return root && mathmlText(root);
}

/**
 * Writes the text of an OpenDocument part into a flow: paragraphs and headings with their numbers, table rows, notes and
 * text boxes behind their paragraph, values of form fields, formulas; tracked changes accepted.
 */
export function readOdtText(bytes: Uint8Array, flow: TextFlow, options: OdtTextOptions): void {
  const open = new OpenElements(flow, options);
  readXml(bytes, namespaces, {
    open(element) {
      const isHidden = element.attribute('text:display') === 'none' || element.attribute('text:is-hidden') === 'true';
      if (open.skipped > 0 || hidden.has(element.name) || (isHidden && !element.name.startsWith('style:'))) {
        // A hidden section may hold text; what a change has deleted is none of the document's.
        if (open.skipped === 0) open.hidesText = !hidden.has(element.name);
        open.skipped += 1;
      } else if (open.inside > 0 || element.name === options.within) {
        open.inside += 1;
        open.forms.open(element);
        opened[element.name]?.(open, element);
      }
    },
    close(name) {
      if (open.skipped > 0) open.skipped -= 1;
      else if (open.inside > 0) {
        open.inside -= 1;
        open.forms.close(name);
        closed[name]?.(open);
      }
    },
    // White space between elements is none of the text's; in paragraphs a run of it is one space (part 3, 6.1.2).
    text(text) {
      if (open.inside === 0) return;
      if (open.skipped > 0) {
        if (open.hidesText && /\p{L}/u.test(text)) open.notice('hidden-text', '');
        return;
      }
      const frame = open.frames.at(-1);
      if (open.description > 0) {
        if (frame) frame.description = `${frame.description} ${text}`.trim();
      } else if (open.paragraphs > 0) open.write(text.replaceAll(/[ \t\r\n]+/g, ' '));
    },
  });
}

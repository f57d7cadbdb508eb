import { SaxesParser, type SaxesTagNS } from 'saxes';
import { ParseFailure } from '../contract.ts';

/*
 * XML of office files as events. Strict: what is not well-formed is damaged. A document type is refused, and with it
 * every entity of the file's own; nothing outside is ever opened. Memory does not grow with the file.
 */

export interface XmlElement {
  /** Local name behind the prefix that `namespaces` has for the element's namespace: `w:p`. */
  name: string;
  /** The value of an attribute, named in the same way; those without a namespace by their local name. */
  attribute(name: string): string | undefined;
}

export interface XmlHandlers {
  open(element: XmlElement): void;
  close(name: string): void;
  text(text: string): void;
}

/** Namespace → prefix; elements of others are told under their local name behind `?:`. */
export type Namespaces = Readonly<Record<string, string>>;

const deepest = 2_000;
const sliceBytes = 64 * 1024;

/** @throws ParseFailure `damaged` */
export function readXml(bytes: Uint8Array, namespaces: Namespaces, handlers: XmlHandlers): void {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const qualify = (uri: string, local: string) => `${namespaces[uri] ?? '?'}:${local}`;
  let depth = 0;
  parser.on('error', () => fail('it is not well-formed'));
  parser.on('doctype', () => fail('it declares a document type'));
  parser.on('opentag', (tag) => {
    depth += 1;
    if (depth > deepest) fail('its elements are nested too deeply');
    handlers.open({
      name: qualify(tag.uri, tag.local),
      attribute: (name) => attribute(tag, name, qualify),
    });
  });
  parser.on('closetag', (tag) => {
    depth -= 1;
    handlers.close(qualify(tag.uri, tag.local));
  });
  parser.on('text', handlers.text);
  parser.on('cdata', handlers.text);
  const decoder = new TextDecoder(encoding(bytes));
  for (let start = 0; start < bytes.length; start += sliceBytes) {
    parser.write(decoder.decode(bytes.subarray(start, start + sliceBytes), { stream: true }));
  }
  parser.write(decoder.decode());
  parser.close();
}

function attribute(tag: SaxesTagNS, name: string, qualify: (uri: string, local: string) => string): string | undefined {
  for (const each of Object.values(tag.attributes)) {
    if ((each.uri === '' ? each.local : qualify(each.uri, each.local)) === name) return each.value;
  }
  return undefined;
}

/** UTF-16 by its mark, else UTF-8: office files have no other. */
function encoding([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

function fail(what: string): never {
  throw new ParseFailure('damaged', `Read XML: ${what}`);
}

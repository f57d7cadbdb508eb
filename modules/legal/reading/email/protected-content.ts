/*
 * S/MIME (RFC 8551) puts a whole message into a CMS structure. One that is only signed carries its content in the clear
 * between the signature's fields; of one that is encrypted nothing can be read without the receiver's key.
 */

/** Object identifiers in DER: 1.2.840.113549.1.7.1 and .2. */
const data = '2a864886f70d010701';
const signedData = '2a864886f70d010702';

interface Element {
  tag: number;
  /** Of a value that is not made of others. */
  value: Buffer;
  children: Element[];
}

const deepest = 20;
const mostElements = 100_000;
const [octets, identifier] = [0x04, 0x06];

/** The message inside an S/MIME signature; undefined where there is none, as when it is encrypted. */
export function signedContent(cms: Uint8Array): Buffer | undefined {
  const budget = { left: mostElements };
  try {
    const [outer] = readElements(Buffer.from(cms), 0, budget).elements;
    const [type, content] = outer?.children ?? [];
    if (type?.value.toString('hex') !== signedData) return undefined;
    const encapsulated = content?.children[0]?.children.find(
      ({ children }) => children[0]?.tag === identifier && children[0].value.toString('hex') === data,
    );
    const found = encapsulated?.children[1] && joinOctets(encapsulated.children[1]);
    return found && found.length > 0 ? found : undefined;
  } catch {
    return undefined; // cut off, or no CMS at all
  }
}

/** A string may come in pieces. */
const joinOctets = ({ tag, value, children }: Element): Buffer =>
  tag === octets ? value : Buffer.concat(children.map(joinOctets));

/** BER: tag, length, value; a length may be left open until two zero bytes. @throws RangeError */
function readElements(bytes: Buffer, depth: number, budget: { left: number }, isOpen = false) {
  const elements: Element[] = [];
  let position = 0;
  while (position < bytes.length) {
    budget.left -= 1;
    if (depth > deepest || budget.left < 0) throw new RangeError('Read CMS: nested too deeply');
    const tag = bytes.readUInt8(position);
    const first = bytes.readUInt8(position + 1);
    position += 2;
    if (isOpen && tag === 0 && first === 0) return { elements, end: position };
    const isMade = (tag & 0x20) !== 0;
    if (first === 0x80) {
      const inner = readElements(bytes.subarray(position), depth + 1, budget, true);
      elements.push({ tag, value: Buffer.alloc(0), children: inner.elements });
      position += inner.end;
      continue;
    }
    const lengthBytes = first > 0x80 ? first & 0x7f : 0;
    const length = lengthBytes > 0 ? bytes.readUIntBE(position, lengthBytes) : first;
    position += lengthBytes;
    const value = bytes.subarray(position, position + length);
    if (value.length < length) throw new RangeError('Read CMS: cut off');
    elements.push(
      isMade
        ? { tag, value: Buffer.alloc(0), children: readElements(value, depth + 1, budget).elements }
        : { tag, value, children: [] },
    );
    position += length;
  }
  return { elements, end: position };
}

const armoured = /-----BEGIN PGP MESSAGE-----[\s\S]*?(?:-----END PGP MESSAGE-----|$)/g;
const signature = /-----BEGIN PGP SIGNATURE-----[\s\S]*?(?:-----END PGP SIGNATURE-----|$)/g;
const signedBeginning = /-----BEGIN PGP SIGNED MESSAGE-----\r?\n(?:[A-Za-z]{1,20}: [^\n]{0,200}\n)*/g;

/** A message's text without what OpenPGP (RFC 9580) has around it; `encrypted` when some of it is. */
export function withoutPgp(text: string): { text: string; encrypted: boolean } {
  if (!text.includes('-----BEGIN PGP ')) return { text, encrypted: false };
  const rest = text.replaceAll(armoured, '');
  // Lines that begin with a dash are written with another before it.
  const isSigned = signedBeginning.test(rest);
  const plain = rest.replaceAll(signature, '').replaceAll(signedBeginning, '');
  return { text: isSigned ? plain.replaceAll(/^- /gm, '') : plain, encrypted: rest !== text };
}

import { invalid } from '../dialects/refuse.ts';
import { boundaryOf, nameOf, partsOf } from './set-form-field.ts';

/** A form as it was sent: the content of each part, of one name perhaps several. */
export interface ReadForm {
  parts: readonly { name: string; content: Buffer }[];
  /** The only value of a field as text; undefined where it is missing. @throws Problem invalid-request where it is given twice */
  field(name: string): string | undefined;
}

/** Reads a form (RFC 7578) without copying its files. @throws Problem invalid-request for bytes that are no such form */
export function readForm(form: Buffer, contentType: string): ReadForm {
  const boundary = boundaryOf(contentType);
  if (boundary === undefined) throw invalid('body', 'is a form without a boundary');
  const parts = partsOf(form, boundary).map((part) => {
    const end = part.indexOf('\r\n\r\n');
    const name = nameOf(part);
    if (end === -1 || name === undefined) throw invalid('body', 'has a part without a name');
    return { name, content: part.subarray(end + 4, part.length - 2) };
  });
  return {
    parts,
    field(name) {
      const [first, ...others] = parts.filter((part) => part.name === name);
      if (others.length > 0) throw invalid(`body.${name}`, 'is given twice');
      return first?.content.toString();
    },
  };
}

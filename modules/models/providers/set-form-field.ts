import { invalid } from '../dialects/refuse.ts';

/**
 * A form (RFC 7578) in which a field has this value and stands once, at the end; all other bytes stay as they are.
 * @throws Problem invalid-request for bytes that are no form with this boundary
 */
export function setFormField(form: Buffer, boundary: string, name: string, value: string): Buffer {
  const others = partsOf(form, boundary).filter((part) => nameOf(part) !== name);
  const field = Buffer.from(`\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`);
  const pieces = [...others, field].flatMap((part) => [Buffer.from(`--${boundary}`), part]);
  return Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]);
}

/** Of a content type; undefined where it is no form's. */
export const boundaryOf = (contentType: string): string | undefined =>
  /^multipart\/form-data\b.*;\s*boundary="?([^";]{1,70})"?/i.exec(contentType)?.[1];

/** More than any form of an operation has. */
const MOST_PARTS = 64;

/** What stands between the boundaries, each from its line break to the one before the next boundary. */
export function partsOf(form: Buffer, boundary: string): Buffer[] {
  const mark = Buffer.from(`--${boundary}`);
  const parts: Buffer[] = [];
  let start = form.indexOf(mark);
  for (;;) {
    const from = start + mark.length;
    if (start === -1) throw invalidForm();
    if (form.subarray(from, from + 2).toString() === '--') return parts;
    const next = form.indexOf(Buffer.concat([Buffer.from('\r\n'), mark]), from);
    if (next === -1 || parts.length >= MOST_PARTS) throw invalidForm();
    parts.push(form.subarray(from, next + 2));
    start = next + 2;
  }
}

export function nameOf(part: Buffer): string | undefined {
  const end = part.indexOf('\r\n\r\n');
  const headers = part.subarray(0, end === -1 ? 0 : end).toString('latin1');
  return /^content-disposition:[^\r]*[;\s]name="?([^";\r]*)"?/im.exec(headers)?.[1];
}

const invalidForm = () => invalid('body', 'is not the form that its content type names');

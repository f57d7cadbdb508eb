import { Transform } from 'node:stream';
import { Dicer } from '@fastify/busboy';
import { extendedName } from '../../modules/legal/reading/index.ts';

export interface NameTap {
  /** Passes a form on; what follows it sees a file when its name is known here. */
  stream: Transform;
  /** Of the first part that is called `file`; undefined where the client gave none. */
  name(): string | undefined;
}

/**
 * Finds the extended name of a form's file (`filename*`, RFC 8187). The parser of forms drops it where a plain name stands
 * with it, and knows few of its charsets. Nothing is parsed twice behind the head of that part.
 */
export function tapExtendedName(contentType: string): NameTap {
  let name: string | undefined;
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType) ?? [];
  let parts: Dicer | undefined = new Dicer({ boundary: quoted ?? plain ?? '' });
  // What is malformed is the form parser's to tell.
  parts.on('error', () => {});
  parts.on('part', (part) => {
    part.on('error', () => {});
    part.on('header', (header) => {
      const [disposition = ''] = (header as Record<string, string[]>)['content-disposition'] ?? [];
      if (!/;\s*name\s*=\s*"?file"?\s*(?:;|$)/i.test(disposition)) return;
      name = extendedName(extendedValue(disposition));
      parts = undefined;
    });
    part.resume();
  });
  const stream = new Transform({
    transform(chunk: Buffer, _, done) {
      parts?.write(chunk);
      done(null, chunk);
    },
  });
  return { stream, name: () => name };
}

/** Its pieces joined, where it is cut (`filename*0*=…; filename*1*=…`, RFC 2231). */
function extendedValue(disposition: string): string {
  const unquoted = disposition.replaceAll(/([^*\s]\s*=\s*)"(?:\\.|[^"\\])*"/g, '$1');
  return [...unquoted.matchAll(/;\s*filename\*(?:\d+\*?)?\s*=\s*"?([^";]*)/gi)].map(([, value = '']) => value).join('');
}

import { Readable } from 'node:stream';

/** A multipart form with one file, made as it is sent: nothing of it is held in memory. */
export interface StreamedForm {
  body: ReadableStream<Uint8Array>;
  headers: Record<string, string>;
}

export interface StreamedFile {
  name: string;
  bytes: number;
  /** What the file begins with; the rest is lines of text. */
  start?: string;
  /** Called before each piece with what was sent of the file; its promise is awaited. */
  onPiece?: (sent: number) => void | Promise<void>;
  /** Announces the length, as browsers do; otherwise it comes in chunks of unknown number. */
  announced?: boolean;
}

const PIECE = 256 * 1024;
const line = 'The parties agree that this line says nothing of importance at all.\n';

export function streamForm({ name, bytes, start = '', onPiece, announced = true }: StreamedFile): StreamedForm {
  const boundary = `pandect${crypto.randomUUID()}`;
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  const tail = `\r\n--${boundary}--\r\n`;
  const filler = Buffer.from(line.repeat(Math.ceil(PIECE / line.length)).slice(0, PIECE));
  async function* pieces() {
    yield Buffer.from(head + start);
    for (let sent = start.length; sent < bytes; sent += PIECE) {
      await onPiece?.(sent);
      yield filler.subarray(0, Math.min(PIECE, bytes - sent));
    }
    yield Buffer.from(tail);
  }
  const length = Buffer.byteLength(head) + bytes + Buffer.byteLength(tail);
  return {
    body: Readable.toWeb(Readable.from(pieces())) as ReadableStream<Uint8Array>,
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      ...(announced && { 'content-length': String(length) }),
    },
  };
}

import type { WireEvent } from '../dialects/contract.ts';
import { parseEvent } from './parse-event.ts';

const LF = 10;
const CR = 13;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const MAX_EVENT_BYTES = 1_048_576;

/** One event of a stream as its bytes, up to and with the blank line that ends it. It is parsed when it is first looked at. */
export class FramedEvent {
  readonly bytes: Buffer;
  #parsed: WireEvent | null | undefined;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** Undefined for what is no event: comments, blank lines. */
  get event(): WireEvent | undefined {
    if (this.#parsed === undefined) this.#parsed = parseEvent(this.bytes) ?? null;
    return this.#parsed ?? undefined;
  }
}

/** An event, or a line, that is larger than allowed. */
export class EventTooLarge extends Error {
  constructor(limitBytes: number) {
    super(`Read a stream of events: an event is larger than ${limitBytes} bytes`);
    this.name = 'EventTooLarge';
  }
}

/**
 * Cuts a stream of server-sent events into events, on bytes: wherever the network cuts it, and whether its lines end with LF, CRLF, CR
 * or a mixture of them. Nothing is decoded, so that no character is cut. The byte order mark at the beginning is left out.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export class EventFramer {
  readonly #limitBytes: number;
  #pieces: Buffer[] = [];
  #pieceBytes = 0;
  #isLineEmpty = true;
  #endedWithCr = false;
  #markBytes = 0;

  constructor(limitBytes = MAX_EVENT_BYTES) {
    this.#limitBytes = limitBytes;
  }

  /** The events that are complete with these bytes. @throws EventTooLarge */
  push(chunk: Buffer): FramedEvent[] {
    const bytes = this.#markBytes < 3 ? this.#withoutMark(chunk) : chunk;
    const events: FramedEvent[] = [];
    let start = 0;
    let at = 0;
    let lf = bytes.indexOf(LF);
    let cr = bytes.indexOf(CR);
    while (lf !== -1 || cr !== -1) {
      const isLf = cr === -1 || (lf !== -1 && lf < cr);
      const end = isLf ? lf : cr;
      const isSecondOfCrLf = isLf && this.#endedWithCr && end === at;
      if (end > at) this.#isLineEmpty = false;
      at = end + 1;
      if (isLf) lf = bytes.indexOf(LF, at);
      else cr = bytes.indexOf(CR, at);
      this.#endedWithCr = !isLf;
      if (isSecondOfCrLf) continue;
      if (!this.#isLineEmpty) {
        this.#isLineEmpty = true;
        continue;
      }
      // A line feed that is there already belongs to the line; for one that is not, the event does not wait.
      if (!isLf && lf === at) {
        at = lf + 1;
        lf = bytes.indexOf(LF, at);
        this.#endedWithCr = false;
      }
      events.push(this.#take(bytes.subarray(start, at)));
      start = at;
    }
    if (at < bytes.length) {
      this.#isLineEmpty = false;
      this.#endedWithCr = false;
    }
    if (start < bytes.length) this.#keep(bytes.subarray(start));
    return events;
  }

  /** What came after the last event, without the blank line that would end it. */
  rest(): FramedEvent | undefined {
    const bytes = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#pieceBytes = 0;
    return bytes.length === 0 ? undefined : new FramedEvent(bytes);
  }

  #take(last: Buffer): FramedEvent {
    if (this.#pieceBytes + last.length > this.#limitBytes) throw new EventTooLarge(this.#limitBytes);
    if (this.#pieces.length === 0) return new FramedEvent(last);
    this.#pieces.push(last);
    const event = new FramedEvent(Buffer.concat(this.#pieces, this.#pieceBytes + last.length));
    this.#pieces = [];
    this.#pieceBytes = 0;
    return event;
  }

  #keep(piece: Buffer): void {
    this.#pieceBytes += piece.length;
    if (this.#pieceBytes > this.#limitBytes) throw new EventTooLarge(this.#limitBytes);
    this.#pieces.push(piece);
  }

  #withoutMark(chunk: Buffer): Buffer {
    let at = 0;
    while (this.#markBytes < 3 && at < chunk.length) {
      if (chunk[at] === BYTE_ORDER_MARK[this.#markBytes]) {
        at += 1;
        this.#markBytes += 1;
        continue;
      }
      const begun = Buffer.from(BYTE_ORDER_MARK.slice(0, this.#markBytes));
      this.#markBytes = 3;
      return begun.length === 0 ? chunk : Buffer.concat([begun, chunk.subarray(at)]);
    }
    return chunk.subarray(at);
  }
}

import { answerFacts } from '../../dialects/answer-facts.ts';
import { isWholeEvent } from '../../dialects/json.ts';
import type { Adapter, UpstreamResponse } from '../../providers/adapter.ts';
import { EventFramer, FramedEvent } from '../../upstream/event-framer.ts';
import type { Attempt } from '../attempt.ts';
import { AttemptFailure } from '../attempt-failure.ts';
import type { Wheel } from '../wheel.ts';
import type { AnswerStream } from './answer-stream.ts';
import { drain } from './drain.ts';
import type { Step, StreamFormat } from './stream-format.ts';

export interface Relay {
  attempt: Attempt;
  format: StreamFormat;
  answer: AnswerStream;
  wheel: Wheel;
  /** Events that are held before the first content, so that another target can still be asked. */
  held: { events: number; bytes: number };
  /** Is called once when events are put out. */
  onCommit?(): void;
  /** Says what an error inside the stream means. */
  adapter: Pick<Adapter, 'failureOf'>;
  /** Whether a stream without an end event, such as of pictures, ends by the end of the connection. */
  endsWithConnection?: boolean;
  /** Largest event; 1 MiB unless given. */
  eventBytes?: number;
}

/**
 * Passes a stream of events on, as fast as the caller reads, until it ends in good order. The answer itself is not ended.
 * @throws AttemptFailure, or what the connection or the format throws
 */
export function relayStream(response: UpstreamResponse, relay: Relay): Promise<void> {
  return new StreamRelay(response, relay).done;
}

class StreamRelay {
  readonly done: Promise<void>;
  readonly #response: UpstreamResponse;
  readonly #relay: Relay;
  readonly #framer: EventFramer;
  readonly #resolve: () => void;
  readonly #reject: (error: unknown) => void;
  #isOver = false;
  #hasContent = false;
  #hasFinish = false;
  #held = 0;
  #heldBytes = 0;
  /** What is to be put out. */
  #out: (Buffer | string)[] = [];

  constructor(response: UpstreamResponse, relay: Relay) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.done = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#response = response;
    this.#relay = relay;
    this.#framer = new EventFramer(relay.eventBytes);
    const { body } = response;
    body.on('data', (chunk: Buffer) => this.#guard(() => this.#read(chunk)));
    body.once('end', () => this.#guard(() => this.#close()));
    body.on('error', (error) => this.#fail(error));
    body.once('close', () => this.#fail(this.#brokenOff()));
  }

  #guard(step: () => void): void {
    if (this.#isOver) return;
    try {
      step();
    } catch (error) {
      this.#fail(error);
    }
  }

  #read(chunk: Buffer): void {
    this.#relay.attempt.touch();
    for (const event of this.#framer.push(chunk)) {
      this.#take(event);
      if (this.#isOver) return;
    }
    this.#putOut();
  }

  #take(event: FramedEvent): void {
    const { attempt, adapter, format, held } = this.#relay;
    const { out, meaning, characters, isMalformed } = format.read(event, this.#hasContent);
    attempt.characters += characters;
    if (isMalformed) attempt.malformed += 1;
    if (characters > 0) attempt.chunks += 1;
    if (meaning) this.#note(meaning, event);
    if (meaning?.error) {
      const { status, code } = meaning.error;
      const failure = adapter.failureOf(status, this.#response.headers, event.event?.data ?? '');
      throw new AttemptFailure({ ...failure, code: failure.code ?? code });
    }
    if (out !== undefined) this.#out.push(out);
    if (meaning?.isEnd) {
      this.#finish(true);
      return;
    }
    if (attempt.isCommitted) return;
    this.#held += 1;
    this.#heldBytes += event.bytes.length;
    if (this.#hasContent || this.#held >= held.events || this.#heldBytes >= held.bytes) this.#commit();
  }

  #commit(): void {
    if (this.#relay.attempt.isCommitted) return;
    this.#relay.attempt.isCommitted = true;
    this.#relay.onCommit?.();
  }

  #note(meaning: NonNullable<Step['meaning']>, { event }: FramedEvent): void {
    const { attempt } = this.#relay;
    if (meaning.usage) attempt.usage = meaning.usage;
    if (meaning.isFinish) {
      this.#hasFinish = true;
      attempt.facts = { ...attempt.facts, ...answerFacts(event?.json) };
    }
    if (!meaning.hasContent || this.#hasContent) return;
    this.#hasContent = true;
    attempt.begin();
    attempt.facts = { ...answerFacts(event?.json), ...attempt.facts };
  }

  /** The connection ended: perhaps after an event without a blank line, or a finish without the end of the format. */
  #close(): void {
    const rest = this.#framer.rest();
    if (rest?.event && isWholeEvent(rest.event))
      this.#take(new FramedEvent(Buffer.concat([rest.bytes, Buffer.from('\n\n')])));
    if (this.#isOver) return;
    if (!this.#hasFinish && !this.#relay.endsWithConnection) throw this.#brokenOff();
    this.#finish(false);
  }

  #finish(sawEnd: boolean): void {
    const last = this.#relay.format.end(sawEnd);
    if (last !== '') this.#out.push(last);
    this.#relay.attempt.begin();
    this.#commit();
    this.#putOut();
    this.#isOver = true;
    drain(this.#response.body, this.#relay.wheel);
    this.#resolve();
  }

  #putOut(): void {
    const { attempt, answer } = this.#relay;
    if (!attempt.isCommitted || this.#out.length === 0) return;
    const bytes = join(this.#out);
    this.#out = [];
    const hasRoom = answer.put(bytes, () => attempt.resume());
    if (!hasRoom && !this.#isOver) attempt.pause(this.#response.body);
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    // What was complete before the failure belongs to the answer.
    if (this.#relay.attempt.isCommitted) this.#putOut();
    this.#isOver = true;
    this.#response.body.destroy();
    this.#reject(error);
  }

  #brokenOff(): AttemptFailure {
    return new AttemptFailure({ reason: 'broken', status: this.#response.status, code: 'stream_interrupted' });
  }
}

/** One buffer of all, without a copy where they lie next to each other. */
function join(pieces: readonly (Buffer | string)[]): Buffer {
  const [first, ...others] = pieces;
  if (typeof first === 'string' || first === undefined) {
    return pieces.every((piece) => typeof piece === 'string') ? Buffer.from(pieces.join('')) : concat(pieces);
  }
  let end = first.byteOffset + first.length;
  for (const piece of others) {
    if (typeof piece === 'string' || piece.buffer !== first.buffer || piece.byteOffset !== end) return concat(pieces);
    end += piece.length;
  }
  return Buffer.from(first.buffer, first.byteOffset, end - first.byteOffset);
}

const concat = (pieces: readonly (Buffer | string)[]) =>
  Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)));

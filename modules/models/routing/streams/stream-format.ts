import type { Meaning } from '../../dialects/contract.ts';
import type { FramedEvent } from '../../upstream/event-framer.ts';

/** What becomes of one event. */
export interface Step {
  /** For the caller; undefined for nothing. */
  out: Buffer | string | undefined;
  /** What it means; undefined for an event that was not looked at, and for one without meaning. */
  meaning: Meaning | undefined;
  characters: number;
  /** It is passed on although it cannot be read. */
  isMalformed?: boolean;
}

/** Turns the events of an upstream into those of a caller, for one stream. */
export interface StreamFormat {
  /** @param hasBegun content was seen before @throws Problem invalid-upstream-answer */
  read(event: FramedEvent, hasBegun: boolean): Step;
  /** What still belongs to a stream that has ended in good order, if its upstream did not say so itself. */
  end(sawEnd: boolean): string;
}

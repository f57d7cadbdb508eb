import type { Json, Meaning, TokenCount, Wire, WireEvent } from '../../dialects/contract.ts';
import { isWholeEvent, objectOf } from '../../dialects/json.ts';
import type { FramedEvent } from '../../upstream/event-framer.ts';
import { countCharacters } from '../count-characters.ts';
import { mayMatter } from './may-matter.ts';
import type { Step, StreamFormat } from './stream-format.ts';

/** What ends a stream in good order, for upstreams that close it after the finish. */
const ends: Readonly<Record<string, string>> = {
  chat: 'data: [DONE]\n\n',
  messages: 'event: message_stop\ndata: {"type":"message_stop"}\n\n',
};

/**
 * Passes the bytes of an upstream on that speaks the caller's format. An event is only parsed until the answer has begun, and when it may
 * hold a count, an end or an error; one that cannot be parsed passes as well. Of chat completions the chunk of the count is left out
 * for a caller who did not ask for it. For one who did, a count that stands in another chunk is moved into one of its own.
 */
export function createTap(wire: Wire, options: { includeUsage: boolean }): StreamFormat {
  const isChat = wire.name === 'chat';
  let counted: Json | undefined;
  let sawUsageChunk = false;
  let usage: TokenCount | undefined;

  const countChunk = () => {
    if (!isChat || !options.includeUsage || sawUsageChunk || !counted) return '';
    sawUsageChunk = true;
    return chunkOf({ ...counted, choices: [] });
  };

  return {
    read(framed, hasBegun): Step {
      const { bytes } = framed;
      if (hasBegun) {
        const text = bytes.toString('latin1');
        if (!mayMatter(text)) {
          const isMalformed = !endsAsObject(text) && cannotBeRead(framed);
          return { out: bytes, meaning: undefined, characters: countCharacters(text), isMalformed };
        }
      }
      const { event } = framed;
      if (!event) return { out: undefined, meaning: undefined, characters: 0 };
      const meaning = meaningOf(wire, event, usage);
      usage = meaning?.usage ?? usage;
      const characters = meaning?.characters ?? 0;
      if (isChat && meaning?.usage) {
        if (meaning.isUsageOnly) sawUsageChunk = true;
        else counted = objectOf(event);
        if (meaning.isUsageOnly && !options.includeUsage) return { out: undefined, meaning, characters };
        if (!meaning.isUsageOnly && options.includeUsage)
          return { out: chunkOf({ ...counted, usage: null }), meaning, characters };
      }
      const isMalformed = !meaning && cannotBeRead(framed);
      const before = meaning?.isEnd ? countChunk() : '';
      const out = before === '' ? bytes : Buffer.concat([Buffer.from(before), bytes]);
      return { out, meaning, characters, isMalformed };
    },
    end: (sawEnd) => (sawEnd ? '' : countChunk() + (ends[wire.name] ?? '')),
  };
}

const chunkOf = (json: Json): string => `data: ${JSON.stringify(json)}\n\n`;

/** Whether the last thing before the ends of lines is the end of an object: what is cut off is found without parsing every event. */
function endsAsObject(event: string): boolean {
  let last = event.length - 1;
  while (event[last] === '\n' || event[last] === '\r') last -= 1;
  return event[last] === '}';
}

/** Comments are no events. */
const cannotBeRead = ({ event }: FramedEvent): boolean => event !== undefined && !isWholeEvent(event);

function meaningOf(wire: Wire, event: WireEvent, before: TokenCount | undefined): Meaning | undefined {
  try {
    return wire.meaningOf(event, before);
  } catch {
    return undefined;
  }
}

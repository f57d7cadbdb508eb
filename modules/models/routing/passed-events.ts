import type { Json, Meaning, WireEvent } from '../dialects/contract.ts';
import { objectOf } from '../dialects/json.ts';
import type { Operation } from '../providers/adapter.ts';
import type { UsageCount } from './contract.ts';
import { readPassedUsage } from './passed-usage.ts';
import type { StreamFormat } from './streams/stream-format.ts';

const PICTURE_DONE = /"type"\s*:\s*"image_(?:generation|edit)\.completed"/;

/** Events of sound, transcripts and pictures, passed on as they are. The last count is billed; of pictures each has one of its own. */
export function createPassedEvents(operation: Operation): StreamFormat {
  let pictures: UsageCount | undefined;

  const usageOf = (event: WireEvent): UsageCount | undefined => {
    const usage = event.data.includes('"usage"') ? readPassedUsage(operation, objectOf(event) ?? {}) : undefined;
    if (operation !== 'images' || !PICTURE_DONE.test(event.data)) return usage;
    const { input = 0, output = 0, images = 0 } = pictures ?? {};
    pictures = { input: input + (usage?.input ?? 0), output: output + (usage?.output ?? 0), images: images + 1 };
    return pictures;
  };

  return {
    read({ bytes, event }) {
      const usage = event && usageOf(event);
      const error = event && bytes.includes('"error"') ? errorIn(objectOf(event) ?? {}) : undefined;
      const meaning: Meaning = {
        ...{ hasContent: event !== undefined, isEnd: false },
        ...(usage && { usage }),
        ...(error && { error }),
      };
      return { out: bytes, meaning, characters: 0 };
    },
    end: () => '',
  };
}

/** An error inside of a stream, as OpenAI's operations send it. */
function errorIn({ error, type }: Json): Meaning['error'] {
  if (typeof error !== 'object' || error === null || (type !== undefined && type !== 'error')) return undefined;
  const { code } = error as Json;
  return { status: 500, code: typeof code === 'string' ? code : 'server_error' };
}

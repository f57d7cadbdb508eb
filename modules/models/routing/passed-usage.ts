import type { Json, TokenCount } from '../dialects/contract.ts';
import { fieldsOf } from '../dialects/json.ts';
import type { Operation } from '../providers/adapter.ts';
import type { UsageCount } from './contract.ts';

/**
 * What an answer that passes says of its bill: tokens, pictures, seconds of sound (`{type: "duration", seconds}`, or the `duration` of a
 * verbose transcript) or searches (`meta.billed_units` of Cohere). Undefined when it does not say.
 */
export function readPassedUsage(operation: Operation, answer: Json): UsageCount | undefined {
  const usage = fieldsOf(answer.usage);
  const tokens = readTokens(usage);
  switch (operation) {
    case 'images':
      return Array.isArray(answer.data) ? { ...(tokens ?? nothing), images: answer.data.length } : tokens;
    case 'transcription': {
      const seconds = usage.type === 'duration' ? usage.seconds : tokens ? undefined : answer.duration;
      return isLength(seconds) ? { ...(tokens ?? nothing), seconds: Math.ceil(seconds) } : tokens;
    }
    case 'rerank': {
      const { search_units: requests } = fieldsOf(fieldsOf(answer.meta).billed_units);
      if (isCount(requests)) return { ...(tokens ?? nothing), requests };
      return tokens ?? (isCount(usage.total_tokens) ? { input: usage.total_tokens, output: 0 } : undefined);
    }
    default:
      return tokens;
  }
}

const subtitleEnd = /-->\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,]\d{1,3}/g;

/** The length of what was said, by the end of the last subtitle of SRT or WebVTT; undefined for a text without. */
export function readSubtitles(text: string): UsageCount | undefined {
  let seconds: number | undefined;
  for (const [, hours = '0', minutes, whole] of text.matchAll(subtitleEnd))
    seconds = Number(hours) * 3_600 + Number(minutes) * 60 + Number(whole) + 1;
  return seconds === undefined ? undefined : { ...nothing, seconds };
}

const nothing: TokenCount = { input: 0, output: 0 };

function readTokens(usage: Json): TokenCount | undefined {
  const input = usage.input_tokens ?? usage.prompt_tokens;
  const output = usage.output_tokens ?? usage.completion_tokens ?? 0;
  return isCount(input) && isCount(output) ? { input, output } : undefined;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isLength = (value: unknown): value is number => Number.isFinite(value) && (value as number) >= 0;

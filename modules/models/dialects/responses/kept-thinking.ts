import type { Json } from '../contract.ts';
import { objectsOf } from '../json.ts';

/* Signed thinking of Anthropic's models, kept where OpenAI's have their encrypted reasoning. */

const PREFIX = 'anthropic:';

export const keepThinking = (blocks: readonly Json[]): string =>
  PREFIX + Buffer.from(JSON.stringify(blocks)).toString('base64url');

/** [] for what is not ours, such as the reasoning of another company. */
export function readKeptThinking(kept: unknown): Json[] {
  if (typeof kept !== 'string' || !kept.startsWith(PREFIX)) return [];
  try {
    const blocks: unknown = JSON.parse(Buffer.from(kept.slice(PREFIX.length), 'base64url').toString());
    return objectsOf(blocks).filter(({ type }) => type === 'thinking' || type === 'redacted_thinking');
  } catch {
    return [];
  }
}

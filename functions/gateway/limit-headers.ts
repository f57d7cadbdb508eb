import type { DialectName } from '../../modules/models/dialects/contract.ts';
import type { CallLimits } from '../../modules/models/gateway/admit-call.ts';

/** What a caller has left of our limits, in the words of its format: OpenAI's, or for messages Anthropic's. */
export function limitHeaders(dialect: DialectName, limits: CallLimits): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [unit, left] of Object.entries(limits)) {
    if (!left) continue;
    const name = (what: string) =>
      dialect === 'messages' ? `anthropic-ratelimit-${unit}-${what}` : `x-ratelimit-${what}-${unit}`;
    headers[name('limit')] = String(left.limit);
    headers[name('remaining')] = String(Math.max(0, left.remaining));
    headers[name('reset')] =
      dialect === 'messages' ? new Date(Date.now() + left.resetMs).toISOString() : durationOf(left.resetMs);
  }
  return headers;
}

/** As OpenAI writes it: `6m0s`, `1.5s`, `20ms`. */
export function durationOf(ms: number): string {
  const rounded = Math.max(0, Math.ceil(ms));
  if (rounded < 1000) return `${rounded}ms`;
  const minutes = Math.floor(rounded / 60_000);
  const seconds = `${(rounded % 60_000) / 1000}s`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}

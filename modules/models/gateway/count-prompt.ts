import type { Caller } from '../../../platform/runtime/http/caller.ts';
import type { GatewayConfiguration } from '../configuration/contract.ts';
import type { Json } from '../dialects/contract.ts';
import { countOf, fieldsOf } from '../dialects/json.ts';
import { type Gateway, takePlace } from './admit-call.ts';
import { findRoute } from './find-route.ts';
import { readChat } from './read-chat.ts';

export interface AskedCount {
  caller: Caller;
  configuration: GatewayConfiguration;
  /** A request in Anthropic's format, without a limit of tokens. */
  body: Json;
  bytes: number;
  signal: AbortSignal;
}

/**
 * Counts the tokens of a prompt: by the provider where it can, which is free of charge, else by our own estimate.
 * @throws Problem model-not-found, invalid-request, and those of `takePlace`
 */
export async function countPrompt(
  gateway: Gateway,
  { caller, configuration, body, bytes, signal }: AskedCount,
): Promise<{ tokens: number; isEstimated: boolean }> {
  const { model, media } = readChat('messages', { ...body, max_tokens: 1 });
  const route = findRoute(configuration, caller, model);
  const place = await takePlace(gateway, caller);
  try {
    const counted = await askProvider(gateway, { route, body, signal });
    if (counted !== undefined) return { tokens: counted, isEstimated: false };
    const [first] = route.targets;
    const tokens = first ? gateway.estimates.input(first.target.name, { bytes, media }) : 0;
    return { tokens, isEstimated: true };
  } finally {
    place.release();
  }
}

/** Anthropic counts in this format, GigaChat the texts of it. */
const counting = new Set(['anthropic', 'gigachat']);

/** What they refuse is estimated. */
async function askProvider(
  { exchange, log }: Gateway,
  { route, body, signal }: { route: ReturnType<typeof findRoute>; body: Json; signal: AbortSignal },
): Promise<number | undefined> {
  const targets = route.targets.map(({ target }) => target).filter(({ provider }) => counting.has(provider.kind));
  if (targets.length === 0) return undefined;
  try {
    const answer = await exchange.pass({
      ...{ route, targets, signal, operation: 'count-tokens', contentType: 'application/json', onAttempt: () => {} },
      body: Buffer.from(JSON.stringify(body)),
    });
    if (answer.kind === 'begun') {
      answer.bytes.destroy();
      return undefined;
    }
    return readCount(JSON.parse(answer.body.toString()));
  } catch (error) {
    signal.throwIfAborted();
    log.warn({ error }, 'Tokens estimated: the provider did not count them');
    return undefined;
  }
}

/** Anthropic's one number, or the sum of GigaChat's, one for each text. */
function readCount(answer: unknown): number | undefined {
  const counts = Array.isArray(answer)
    ? answer.map((one) => countOf(fieldsOf(one).tokens))
    : [countOf(fieldsOf(answer).input_tokens)];
  return counts.reduce((sum, count) => (sum === undefined || count === undefined ? undefined : sum + count), 0);
}

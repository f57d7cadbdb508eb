import type { Database } from '../../db/client.ts';
import { type Attempt, startAttempt } from '../../modules/commerce/metering/index.ts';
import {
  AiFailure,
  type AiProvider,
  type AnswerRequest,
  estimateUsage,
  type TokenUsage,
} from '../../modules/models/index.ts';
import type { Metrics } from '../../platform/kernel/telemetry/metrics.ts';

/** One call of the provider, and how it ended. `error` is missing when the answer is complete. */
export interface ProviderCall {
  text: string;
  attempt: Attempt;
  error?: unknown;
}

/** Upstream failures after which another try may succeed. */
const passing: AiFailure['reason'][] = ['overloaded', 'unreachable', 'timeout', 'broken'];

/** Whether to try once more: only while nothing of the answer was seen, and when the provider is not merely unwilling. */
export const mayTryAgain = ({ text, error }: ProviderCall): boolean =>
  text === '' && error instanceof AiFailure && passing.includes(error.reason);

/**
 * Asks the provider and writes beside the call that it began, which is certain before the first piece of the answer goes out. An
 * answer that broke off costs what came of it; one that its provider withdrew, or that never began, costs nothing.
 * @param failedModel that of the attempt before
 */
export async function callProvider(
  { database, ai, metrics }: { database: Database; ai: AiProvider; metrics: Metrics },
  question: { organizationId: string; requestId: string; failedModel: string | undefined },
  request: AnswerRequest,
  onText: (text: string) => Promise<void>,
): Promise<ProviderCall> {
  const { organizationId, requestId, failedModel } = question;
  const { model } = request;
  const starting = startAttempt(database, organizationId, requestId, failedModel);
  starting.catch(() => {}); // awaited below, whatever comes first
  let text = '';
  let usage: TokenUsage | undefined;
  let error: unknown;
  try {
    for await (const event of ai.answer(request)) {
      await starting;
      if (event.type === 'usage') usage = event;
      else {
        text += event.text;
        await onText(event.text);
      }
    }
  } catch (thrown) {
    error = thrown;
  }
  const attempt = await starting;
  const nothing = text === '' || (error instanceof AiFailure && error.reason === 'withdrawn');
  if (error !== undefined && nothing) {
    return { text, error, attempt: { attempt, outcome: 'failed', model, ...noTokens } };
  }
  const used = pick(usage ?? estimateUsage(request, text));
  metrics.aiRequest(model, organizationId);
  metrics.aiTokens(model, organizationId, used.promptTokens + used.completionTokens);
  if (error !== undefined) return { text, error, attempt: { attempt, outcome: 'broken', model, ...used } };
  return { text, attempt: { attempt, outcome: 'done', model, ...used } };
}

export const noTokens: TokenUsage = { promptTokens: 0, completionTokens: 0, cachedTokens: 0 };

const pick = ({ promptTokens, completionTokens, cachedTokens }: TokenUsage): TokenUsage => ({
  ...{ promptTokens, completionTokens, cachedTokens },
});

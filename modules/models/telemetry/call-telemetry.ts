import type { Metrics } from '../../../platform/kernel/telemetry/metrics.ts';
import { openSpan } from '../../../platform/kernel/telemetry/tracing.ts';
import type { TokenCount } from '../dialects/contract.ts';
import type { AttemptReport } from '../routing/contract.ts';
import type { Target } from '../routing/route.ts';
import {
  type GenAiOperation,
  operationDuration,
  providerNames,
  timePerOutputChunk,
  timeToFirstChunk,
  tokenUsage,
} from './gen-ai.ts';

/** A call of the gateway that was admitted. */
export interface ObservedCall {
  route: string;
  operation: GenAiOperation;
  organizationId: string;
  /** Tokens that are reserved for it. */
  reservedTokens: number;
}

/** What its attempts used, counted or estimated. */
export interface ObservedUsage {
  usage: TokenCount;
  isEstimated: boolean;
}

export interface CallObserver {
  /** An attempt is over. */
  note(report: AttemptReport, used: ObservedUsage): void;
  /** The call is over; the first time counts. */
  end(ending: 'settled' | 'released' | 'cached'): void;
}

/** Spans and figures of calls. Everything is told once an attempt is over: nothing is done for the events of a stream. */
export interface CallTelemetry {
  begin(call: ObservedCall): CallObserver;
}

const attempts = { name: 'pandect_gateway_attempts_total', description: 'Calls of upstreams that are over' };
const fallbacks = {
  name: 'pandect_gateway_fallbacks_total',
  description: 'Attempts at another target after one failed',
};
const cooldowns = {
  name: 'pandect_gateway_cooldowns_total',
  description:
    'Keys that were left alone after a refusal: a while for too many requests, ten minutes when the key was refused',
};
const estimated = {
  name: 'pandect_gateway_estimated_total',
  description: 'Attempts that are charged by an estimate, as their upstream counted nothing',
};
const malformed = {
  name: 'pandect_gateway_malformed_events_total',
  description: 'Events of streams that were passed on although they cannot be read',
};
/** The same counters as those of questions. */
const requests = { name: 'ai_requests_total', description: 'Questions put to an AI provider' };
const tokens = { name: 'openai_tokens_total', description: 'Tokens an AI provider counted' };

export function createCallTelemetry(metrics: Metrics): CallTelemetry {
  let inFlight = 0;
  let reserved = 0;
  metrics.gauge('pandect_gateway_calls_in_flight', 'Calls that are admitted and not over', () => inFlight);
  metrics.gauge('pandect_gateway_reserved_tokens', 'Tokens reserved for calls in flight', () => reserved);

  return {
    begin(call) {
      inFlight += 1;
      reserved += call.reservedTokens;
      const span = openSpan(`gateway ${call.route}`);
      let last: AttemptReport | undefined;
      let made = 0;
      let isOver = false;
      return {
        note(report, used) {
          made += 1;
          if (last && last.target.name !== report.target.name) metrics.count(fallbacks, { route: call.route });
          last = report;
          countAttempt(metrics, call, report, used);
          if (!span.isRecording) return;
          const error = errorOf(report);
          const attributes = attributesOf(call.operation, report, used);
          span.addCall(`${call.operation} ${report.target.model}`, { ms: report.ms, attributes, error });
        },
        end(ending) {
          if (isOver) return;
          isOver = true;
          inFlight -= 1;
          reserved -= call.reservedTokens;
          const error = ending === 'released' && last ? errorOf(last) : undefined;
          span.end({
            attributes: {
              'pandect.gateway.route': call.route,
              'pandect.gateway.attempts': made,
              'pandect.gateway.ending': ending,
              ...(last && { 'pandect.gateway.target': last.target.name }),
            },
            error,
          });
        },
      };
    },
  };
}

/** Labels are names of the configuration and of our own lists: none is made of what callers or upstreams send. */
function countAttempt(
  metrics: Metrics,
  { operation, organizationId }: ObservedCall,
  report: AttemptReport,
  { usage, isEstimated }: ObservedUsage,
): void {
  const { target, outcome, reason, chunks, firstMs, ms } = report;
  const labels = labelsOf(operation, target);
  metrics.count(attempts, { target: target.name, provider: target.provider.name, outcome, reason: reason ?? '' });
  metrics.record(operationDuration, reason === undefined ? labels : { ...labels, error_type: reason }, ms / 1000);
  if (reason === 'rate-limited') metrics.count(cooldowns, { target: target.name, kind: 'rate' });
  if (reason === 'key-refused') metrics.count(cooldowns, { target: target.name, kind: 'parked' });
  if (report.malformed > 0) metrics.count(malformed, { target: target.name }, report.malformed);
  if (chunks > 0 && firstMs !== undefined) {
    metrics.record(timeToFirstChunk, labels, firstMs / 1000);
    if (chunks > 1) metrics.record(timePerOutputChunk, labels, Math.max(ms - firstMs, 0) / (chunks - 1) / 1000);
  }
  if (outcome === 'failed') return;
  metrics.record(tokenUsage, { ...labels, gen_ai_token_type: 'input' }, usage.input);
  metrics.record(tokenUsage, { ...labels, gen_ai_token_type: 'output' }, usage.output);
  if (isEstimated) metrics.count(estimated, { target: target.name });
  const counted = { model: target.model, organization: organizationId };
  metrics.count(requests, counted);
  metrics.count(tokens, counted, usage.input + usage.output);
}

const labelsOf = (operation: GenAiOperation, { model, provider }: Target) => ({
  gen_ai_operation_name: operation,
  gen_ai_provider_name: providerNames[provider.kind],
  gen_ai_request_model: model,
});

/** The upstream's code where it has one. The caller's leaving is no error. */
const errorOf = ({ reason, code }: AttemptReport): string | undefined =>
  reason === undefined || reason === 'cancelled' ? undefined : (code ?? reason);

function attributesOf(operation: GenAiOperation, report: AttemptReport, { usage, isEstimated }: ObservedUsage) {
  const { target, status, firstMs, chunks, model, finishReasons, outcome, attempt } = report;
  const error = errorOf(report);
  return {
    'gen_ai.operation.name': operation,
    'gen_ai.provider.name': providerNames[target.provider.kind],
    'gen_ai.request.model': target.model,
    ...(chunks > 0 && { 'gen_ai.request.stream': true }),
    ...(model !== undefined && { 'gen_ai.response.model': model }),
    ...(finishReasons && { 'gen_ai.response.finish_reasons': [...finishReasons] }),
    ...(chunks > 0 && firstMs !== undefined && { 'gen_ai.response.time_to_first_chunk': firstMs / 1000 }),
    'gen_ai.usage.input_tokens': usage.input,
    'gen_ai.usage.output_tokens': usage.output,
    ...(usage.cached !== undefined && { 'gen_ai.usage.cache_read.input_tokens': usage.cached }),
    ...(usage.cacheWrite !== undefined && { 'gen_ai.usage.cache_creation.input_tokens': usage.cacheWrite }),
    ...(usage.reasoning !== undefined && { 'gen_ai.usage.reasoning.output_tokens': usage.reasoning }),
    ...(error !== undefined && { 'error.type': error }),
    ...(status !== undefined && { 'http.response.status_code': status }),
    'pandect.gateway.target': target.name,
    'pandect.gateway.attempt': attempt,
    'pandect.gateway.outcome': outcome,
    ...(isEstimated && { 'pandect.gateway.estimated': true }),
  };
}

import type { Json } from './contract.ts';
import { fieldsOf } from './json.ts';

/** What an upstream says of its own answer, as far as it can be no more than a name. */
export interface AnswerFacts {
  /** The model that answered, such as `gpt-5-mini-2025-08-07`. */
  model?: string;
  /** Why each answer ended, in the upstream's words. */
  finishReasons?: readonly string[];
}

const modelName = /^[\w.:/@-]{1,128}$/;
const reasonName = /^\w{1,40}$/;
/** Answers of one request whose ends are told. */
const MOST_REASONS = 8;

/**
 * Reads them from a whole answer, or from an event of a stream, in the words of OpenAI, Anthropic and GigaChat. Whatever could be
 * something else than a name is left out: it goes into traces.
 */
export function answerFacts(answer: unknown): AnswerFacts {
  const json = fieldsOf(answer);
  const inner = fieldsOf(json.response ?? json.message);
  const model = json.model ?? inner.model;
  const reasons = reasonsOf(json, inner).filter(
    (reason): reason is string => typeof reason === 'string' && reasonName.test(reason),
  );
  return {
    ...(typeof model === 'string' && modelName.test(model) && { model }),
    ...(reasons.length > 0 && { finishReasons: reasons }),
  };
}

function reasonsOf(json: Json, inner: Json): unknown[] {
  if (Array.isArray(json.choices))
    return json.choices.slice(0, MOST_REASONS).map((choice) => fieldsOf(choice).finish_reason);
  if (json.object === 'response') return [json.status];
  return [json.stop_reason ?? fieldsOf(json.delta).stop_reason ?? inner.status];
}

import type { Database } from '../../../../../db/client.ts';
import type { CalledTarget, CatalogueModel, Choice, ReservedCall } from '../../../../models/index.ts';
import { askInLine, type Shown } from './in-line.ts';
import { ANSWER_TOKENS, promptOf } from './prompt.ts';
import { readAnswer } from './read-answer.ts';
import { findSaidOfDay, layoutOf, type ReadingRow } from './records.ts';
import { tableReading } from './table-reading.ts';

/** What came of asking for the meaning of cards. Only `read` costs a reading. */
export type Interpretation =
  | { kind: 'read'; source: 'model'; text: string; seconds?: number }
  /** There is no model: the table stands for it. */
  | { kind: 'read'; source: 'table'; text: string }
  /** No answer of a model could be shown. */
  | { kind: 'table'; text: string }
  | { kind: 'stopped'; text: string }
  | { kind: 'refused' | 'failed' | 'busy' };

export interface Interpreting {
  reading: ReadingRow;
  choice: Choice;
  call: ReservedCall;
  /** Aborts when this attempt at the update is over, which is then handled again. */
  signal: AbortSignal;
  /** Aborts when the person has read enough. */
  stopped: AbortSignal;
}

/** An answer that does not name the cards is asked for once more. */
const TRIES = 2;

/**
 * Has the cards of a reading interpreted.
 * @throws the signal's reason once it aborts
 */
export async function* interpret(
  database: Database,
  { reading, choice, call, signal, stopped }: Interpreting,
): AsyncGenerator<Shown, Interpretation> {
  const layout = layoutOf(reading);
  const [first] = choice.models;
  const models = choice.models.filter(({ target }) => target.provider.kind !== 'local');
  const table = tableReading(layout);
  if (models.length === 0) {
    call.answerWithout(calledTarget(first));
    return { kind: 'read', source: 'table', text: table };
  }
  const said = await database.tenant(reading.organizationId, (tx) => findSaidOfDay(tx, reading));
  if (said !== undefined) {
    call.answerWithout(calledTarget(first));
    return { kind: 'read', source: 'model', text: said };
  }
  const calls = models.map((model) => callOf(model, reading));
  // One alone is asked again.
  if (calls.length === 1) calls.push(...calls);
  for (let tries = 0; tries < TRIES; tries += 1) {
    const both = AbortSignal.any([signal, stopped]);
    const outcome = yield* askInLine(database, { reading, models, calls, retry: choice.retry, call, signal: both });
    signal.throwIfAborted();
    if (outcome === 'busy') return stopped.aborted ? { kind: 'stopped', text: '' } : { kind: 'busy' };
    if (outcome.isFiltered) return { kind: 'refused' };
    if (stopped.aborted) return { kind: 'stopped', text: outcome.text };
    // Nothing was said, and `ask` has made all tries that make sense.
    if (outcome.error !== undefined && outcome.text === '') return { kind: 'failed' };
    if (outcome.error !== undefined) continue;
    const text = readAnswer(outcome.text, layout, outcome.isCut);
    if (text !== undefined) return { kind: 'read', source: 'model', text, seconds: outcome.seconds };
  }
  return { kind: 'table', text: table };
}

const callOf = (model: CatalogueModel, reading: ReadingRow) => ({
  chat: model.chat,
  request: {
    model: model.target.model,
    messages: promptOf(layoutOf(reading)),
    maxTokens: Math.min(ANSWER_TOKENS, model.target.maxOutput ?? ANSWER_TOKENS),
  },
  target: calledTarget(model),
});

const calledTarget = ({ route, target }: CatalogueModel): CalledTarget => ({
  ...{ route, target: target.name, provider: target.provider.name, price: target.price },
});

import type { Database } from '../../../../../db/client.ts';
import type { Metrics } from '../../../../../platform/kernel/telemetry/metrics.ts';
import { join, plain } from '../../../../messages/telegram/index.ts';
import { AiFailure, type Catalogue, type Choice, reservedCall } from '../../../../models/index.ts';
import type { Turn } from '../../../contract.ts';
import type { TarotState } from '../state.ts';
import { words } from '../words.ts';
import { type BeginDeps, beginReading, type Laid } from './begin-reading.ts';
import { completeReading } from './complete-reading.ts';
import type { Shown } from './in-line.ts';
import { interpret } from './interpret.ts';
import { layoutOf, type ReadingRow } from './records.ts';
import { nextKeyboard, showLayout } from './show-reading.ts';

export interface TellDeps extends BeginDeps {
  database: Database;
  catalogue: Pick<Catalogue, 'route'>;
  metrics: Metrics;
}

/**
 * Lays cards, has them interpreted, and tells the person. It continues where another process was killed: with the cards that were stored,
 * and with what was reserved.
 * @throws Problem those of `reserveUnits`
 */
export async function tellReading(deps: TellDeps, turn: Turn, laid: Laid): Promise<void> {
  const { bot, requestId } = turn;
  const choice = await choose(deps, turn);
  if (!choice) return;
  const state: TarotState = {
    step: 'over',
    ...(turn.event.type === 'button' && { messageId: turn.event.messageId }),
  };
  const { reading, targets } = await turn.transaction((tx) => beginReading(tx, deps, turn, { laid, choice, state }));
  const asked = amongTargets(choice, targets);
  const { signal, stopped } = turn;
  const work = reservedCall(deps, { organizationId: bot.organizationId, requestId }, async function* (call) {
    const interpretation = yield* interpret(deps.database, { reading, choice: asked, call, signal, stopped });
    await turn.transaction((tx) => completeReading(tx, turn, call, reading, interpretation));
  });
  for await (const shown of work) turn.preview(previewOf(reading, shown));
}

/** The models of the bot's route. Without any the person is told so. */
async function choose({ catalogue }: TellDeps, turn: Turn): Promise<Choice | undefined> {
  const { bot, user, log } = turn;
  try {
    return await catalogue.route(bot.organizationId, bot.settings.route);
  } catch (error) {
    if (!(error instanceof AiFailure)) throw error;
    log.error({ error, bot: bot.id }, 'Reading: the bot has no model');
    const text = plain(words[user.language].failed);
    const keyboard = nextKeyboard(user.language);
    await turn.transaction((tx) => turn.say(tx, 'failed', { kind: 'text', text, keyboard }));
    return undefined;
  }
}

/** Those that the books have room and a price for. */
function amongTargets({ models, retry }: Choice, admitted: readonly string[]): Choice {
  const [first = models[0], ...others] = models.filter(({ target }) => admitted.includes(target.name));
  return { models: [first, ...others], retry };
}

function previewOf(reading: ReadingRow, shown: Shown) {
  const layout = layoutOf(reading);
  const { inLine } = words[layout.language];
  return join([showLayout(layout), shown.type === 'place' ? inLine(shown.place, shown.seconds) : shown.text], '\n\n');
}

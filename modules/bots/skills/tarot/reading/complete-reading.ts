import { and, eq } from 'drizzle-orm';
import type { Transaction } from '../../../../../db/client.ts';
import { type ReadingState, readings } from '../../../../../db/schema/bots/readings.ts';
import { type Keyboard, plain, type RichText } from '../../../../messages/telegram/index.ts';
import type { ReservedCall } from '../../../../models/index.ts';
import type { Turn } from '../../../contract.ts';
import { words } from '../words.ts';
import type { Interpretation } from './interpret.ts';
import { layoutOf, type ReadingRow } from './records.ts';
import { nextKeyboard, showReading } from './show-reading.ts';

/** How a reading ends: what is stored, said and charged. */
interface End {
  state: ReadingState;
  answer?: string;
  source?: 'model' | 'table';
  seconds?: number;
  isCharged: boolean;
  text: RichText;
  keyboard: Keyboard;
}

/** Stores how a reading ended, says so, and charges it or gives it back, in the transaction that is done with the update. */
export async function completeReading(
  tx: Transaction,
  turn: Turn,
  call: ReservedCall,
  reading: ReadingRow,
  interpretation: Interpretation,
): Promise<void> {
  const { isCharged, text, keyboard, ...end } = endOf(reading, interpretation);
  const [row] = await tx
    .update(readings)
    .set({ ...end, waitingAt: null, version: reading.version + 1 })
    .where(and(eq(readings.id, reading.id), eq(readings.version, reading.version)))
    .returning({ id: readings.id });
  if (!row) throw new Error('Complete reading: another process has changed it');
  await turn.say(tx, 'reading', { kind: 'text', text, keyboard });
  await turn.finish(tx);
  if (isCharged) await call.settle(tx, { spread: reading.spread });
  else await call.giveBack(tx);
}

function endOf(reading: ReadingRow, interpretation: Interpretation): End {
  const layout = layoutOf(reading);
  const { language } = layout;
  const own = words[language];
  const keyboard = nextKeyboard(language);
  const again: Keyboard = [[{ text: own.againButton, data: `tarot:again:${reading.id}` }], ...keyboard];
  const kind = interpretation.kind;
  switch (kind) {
    case 'read': {
      const { source, text: answer } = interpretation;
      const text = showReading(layout, answer, source === 'table' ? own.withoutModel : undefined);
      const seconds = source === 'model' ? interpretation.seconds : undefined;
      return {
        state: 'done',
        answer,
        source,
        isCharged: true,
        text,
        keyboard,
        ...(seconds !== undefined && { seconds }),
      };
    }
    case 'table': {
      const { text: answer } = interpretation;
      const text = showReading(layout, answer, own.fromTable);
      return { state: 'done', answer, source: 'table', isCharged: false, text, keyboard };
    }
    case 'stopped': {
      const { text: answer } = interpretation;
      if (answer === '') return { state: 'failed', isCharged: false, text: plain(own.stopped), keyboard: again };
      // Without a source: what is not whole answers no other request.
      const text = showReading(layout, answer, own.stopped);
      return { state: 'done', answer, isCharged: true, text, keyboard };
    }
    case 'refused':
      return { state: 'refused', isCharged: false, text: plain(own.refused), keyboard };
    case 'failed':
    case 'busy':
      return { state: 'failed', isCharged: false, text: plain(own[kind]), keyboard: again };
  }
}

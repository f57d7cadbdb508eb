import { z } from 'zod';
import type { Home } from '../../services/home.ts';
import { failureSchema, recordFile } from './record-file.ts';

const position = z.number().int().nonnegative();

/** How far the log of a home is kept. It stays with the home: one that was restored begins a stream of its own. */
const schema = z.object({
  /** Since when log is kept; of earlier versions unknown. */
  keptSince: z.iso.datetime().optional(),
  /** Log without a hole, since one moment; base backups name the stream that continues them. */
  stream: z.string(),
  timeline: z.number().int().positive(),
  /** Where the stream begins; unknown until something was received. */
  from: position.optional(),
  /** The part that is stored as one, over and over, until it is closed. */
  chapter: z.object({ number: position, from: position.optional(), beganAt: z.iso.datetime() }),
  /** How much of the log is at the target. */
  stored: position.optional(),
  /** All that was committed by then is at the target. */
  archivedAt: z.iso.datetime().optional(),
  /** The same, as far as the target itself knows. */
  toldAt: z.iso.datetime().optional(),
  /** Why the target does not have more; undefined when the last attempt was a success. */
  failure: failureSchema.optional(),
  /** When the stream before this one ended without its end being kept. */
  lostAt: z.iso.datetime().optional(),
});

export type LogRecord = z.output<typeof schema>;

const file = recordFile('log.json', schema);

/** Undefined where no log is kept, or what is there cannot be read: a new stream begins then. */
export const readLogRecord = file.read;

/** Only what keeps the log does so. */
export const writeLogRecord = (home: Pick<Home, 'root'>, record: LogRecord): Promise<void> =>
  file.write(home, record, { flush: true });

export const removeLogRecord = file.remove;

import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Log } from '../../../kernel/log.ts';
import { severities } from '../rules/rule.ts';

const labels = z.record(z.string(), z.string());

/** An alert as a message tells it. Times are ISO 8601. */
const toldSchema = z.object({
  rule: z.string(),
  severity: z.enum(severities),
  labels,
  sentence: z.string(),
  value: z.number().nullable(),
  threshold: z.number().optional(),
  since: z.string(),
  command: z.string(),
});
export type ToldAlert = z.output<typeof toldSchema>;

const messageSchema = z.object({
  id: z.string(),
  at: z.string(),
  host: z.string(),
  project: z.string(),
  began: z.array(toldSchema),
  /** Fire for hours and were told before. */
  continues: z.array(toldSchema),
  ended: z.array(toldSchema),
  isTest: z.boolean().default(false),
});
export type AlertMessage = z.output<typeof messageSchema>;

const waitingSchema = z.object({
  message: messageSchema,
  channel: z.string(),
  attempts: z.number(),
  /** Milliseconds since 1970. */
  nextAt: z.number(),
});
/** A message that a channel has not taken yet. */
export type Waiting = z.output<typeof waitingSchema>;

const channelSchema = z.object({
  sentAt: z.string().optional(),
  failure: z.object({ at: z.string(), message: z.string(), attempts: z.number() }).optional(),
});
export type ChannelState = z.output<typeof channelSchema>;

const stateSchema = z.object({
  active: z
    .array(
      z.object({
        ...{ rule: z.string(), labels, state: z.enum(['pending', 'firing']), value: z.number().nullable() },
        /** Milliseconds since 1970. */
        since: z.number(),
        toldAt: z.number().optional(),
      }),
    )
    .default([]),
  /** Not told yet. */
  ended: z.array(toldSchema).default([]),
  /** The last ones that ended, the newest first. */
  past: z.array(toldSchema.extend({ endedAt: z.string() })).default([]),
  silences: z.array(z.object({ rule: z.string(), unit: z.string().optional(), until: z.string() })).default([]),
  waiting: z.array(waitingSchema).default([]),
  channels: z.record(z.string(), channelSchema).default({}),
  messageAt: z.number().optional(),
});
/** What must survive the supervisor. */
export type AlertState = z.output<typeof stateSchema>;

export const emptyState = (): AlertState => stateSchema.parse({});

/** Empty where the file is missing, or cannot be read: alerts that fire are then told again. */
export async function readAlertState(path: string, log: Pick<Log, 'warn'>): Promise<AlertState> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return emptyState();
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch (error) {
    log.warn({ error }, 'Alerts: their file is not readable; they begin with nothing');
    return emptyState();
  }
}

const historySchema = z.record(z.string(), z.object({ times: z.array(z.number()), values: z.array(z.number()) }));

/** What an earlier supervisor kept of values to compare with; empty where there is none. */
export async function readAlertHistory(path: string): Promise<z.output<typeof historySchema>> {
  try {
    return historySchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return {};
  }
}

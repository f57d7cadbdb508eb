import type { Database } from '../../../db/client.ts';
import type { Feed } from '../../../platform/capabilities/feed/index.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import type { FileStorage } from '../../../platform/capabilities/storage/index.ts';
import type { Log } from '../../../platform/kernel/log.ts';
import type { ImageModels } from '../../models/images/provide-image-models.ts';
import type { PictureInspector } from '../contract.ts';
import type { GenerationTimes } from '../generations/create.ts';

/** Waits of a run. */
export interface RunPace {
  /** Between two looks at a provider, or for a place there. */
  lookMs: number;
  /** Before the second submit of what a provider did not accept; doubled each time. */
  retryMs: number;
  /** Before a reference is written again that the database did not take; doubled each time. */
  writeMs: number;
}

export interface RunDeps {
  database: Database;
  queue: Queue;
  feed: Feed;
  storage: FileStorage;
  models: Pick<ImageModels, 'find' | 'modelOf'>;
  inspector: PictureInspector;
  times: GenerationTimes;
  pace: RunPace;
  /** Where people and providers reach the platform, without a slash at its end. */
  origin: string;
}

/** One delivery of a generation's job. */
export interface Run {
  organizationId: string;
  imageId: string;
  signal: AbortSignal;
  log: Log;
  /** Its provider was asked to cancel it, which it need not hear twice. */
  isCancelSent?: boolean;
  /** How long it waits for a place at its provider, in milliseconds since 1970. */
  waitsUntil?: number;
}

/** How a run continues: at once, after so many milliseconds, with another job at a time, or not. */
export type Continuation = 'now' | 'over' | number | Date;

import { imageModels } from '../../modules/models/images/provide-image-models.ts';
import { generationTimes } from '../../modules/pictures/generations/provide-generations.ts';
import { pictureInspector } from '../../modules/pictures/inspect/provide-picture-inspector.ts';
import { generationJob } from '../../modules/pictures/jobs.ts';
import type { RunPace } from '../../modules/pictures/run/contract.ts';
import { runGeneration } from '../../modules/pictures/run/run-generation.ts';
import type { Provided } from '../../platform/runtime/boot.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { feed } from '../../platform/runtime/providers/feed.ts';
import { publicOrigin } from '../../platform/runtime/providers/public-origin.ts';
import { queue } from '../../platform/runtime/providers/queue.ts';
import { storage } from '../../platform/runtime/providers/storage.ts';
import type { Delivery } from '../../platform/runtime/work-on-job.ts';

const pace = (): RunPace => ({ lookMs: 1_000, retryMs: 5_000, writeMs: 200 });

export const provide = {
  ...{ database, queue, feed, storage, models: imageModels, inspector: pictureInspector },
  ...{ times: generationTimes, origin: publicOrigin, pace },
};

/** Submits generations to their providers, watches them, and stores their pictures. */
export async function handle({ payload, signal, log }: Delivery, deps: Provided<typeof provide>): Promise<void> {
  await runGeneration(deps, { ...generationJob.schema.parse(payload), signal, log });
}

import { eq } from 'drizzle-orm';
import { images } from '../../../db/schema/pictures/images.ts';
import { changeImage, endImage, type ImageRow } from '../generations/change-image.ts';
import { hintTopic } from '../generations/topics.ts';
import { generationJob } from '../jobs.ts';
import type { Continuation, Run, RunDeps } from './contract.ts';
import { followProvider } from './follow-provider.ts';
import { nextStep, type Step } from './next-step.ts';
import { submitOnce } from './submit-once.ts';

/**
 * Brings a generation as far as it goes. Each step reads the row, acts, and writes what came of it as a change of the row that it saw: a
 * job that another process began continues where the row stands, and of two at one row only one writes.
 */
export async function runGeneration(deps: RunDeps, delivery: Run): Promise<void> {
  const { database } = deps;
  const run = { ...delivery };
  using hints = await deps.feed.subscribe(hintTopic, run.imageId);
  for (;;) {
    run.signal.throwIfAborted();
    const row = await database.tenant(run.organizationId, async (tx) => {
      const [found] = await tx.select().from(images).where(eq(images.id, run.imageId));
      return found;
    });
    if (!row) return;
    const step = nextStep(row, deps.times, new Date());
    const again = await take(deps, run, { row, step });
    if (again === 'over') return;
    if (again instanceof Date) return sendLater(deps, run, again);
    if (again !== 'now') await hints.next(again, run.signal);
  }
}

async function take(deps: RunDeps, run: Run, { row, step }: { row: ImageRow; step: Step }): Promise<Continuation> {
  const write = <T>(work: Parameters<typeof deps.database.tenant<T>>[1]) =>
    deps.database.tenant(run.organizationId, work);
  switch (step.kind) {
    case 'over':
      return 'over';
    case 'later':
      return step.at;
    case 'end':
      await write((tx) => endImage(tx, row, step.end));
      return 'now';
    case 'doubt':
      run.log.warn(
        { image: row.id },
        'Generation: unknown whether its provider accepted it; it is not submitted again',
      );
      await write((tx) => changeImage(tx, row, { uncertainAt: new Date() }));
      return 'now';
    case 'submit':
      return submitOnce(deps, run, row);
    case 'look':
      return followProvider(deps, run, row, step);
  }
}

async function sendLater({ database, queue }: RunDeps, { organizationId, imageId }: Run, startAfter: Date) {
  const key = { organizationId, imageId };
  await database.tenant(organizationId, (tx) => queue.send(tx, generationJob, key, { startAfter }));
}

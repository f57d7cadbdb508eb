import type { Database } from '../../../db/client.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import { abortBuild, beginBuild, rollBack } from './change-generation.ts';
import { differences, type Generation, type IndexSettings, isBuilding } from './generation.ts';
import { readGenerations } from './generations.ts';
import { advanceJob } from './jobs.ts';
import { type IndexProgress, indexProgress } from './missing-documents.ts';

/** An index generation as operators see it. */
export interface GenerationRow extends Generation, IndexProgress {
  /** In which settings it is not what the platform asks for now. */
  differs: string[];
}

/** What an operator may do with the indexes; the work itself is the worker's. */
export interface IndexDesk {
  /** Newest first, without removed ones. */
  list(): Promise<GenerationRow[]>;
  /**
   * Begins a build, or continues the one that is under way. Without `force` nothing is begun when the live index is as
   * the platform asks for it. @returns the number of the build, or undefined
   */
  begin(force: boolean): Promise<number | undefined>;
  rollBack(): Promise<{ from: number; to: number }>;
  /** @returns the number of what was given up */
  abort(): Promise<number>;
}

export function createIndexDesk(database: Database, queue: Queue, wanted: IndexSettings): IndexDesk {
  /** Has the worker look at what there is to do once this transaction is committed. */
  const then = (tx: Parameters<typeof queue.send>[0]) => queue.send(tx, advanceJob, { kind: 'advance' });

  return {
    async list() {
      const generations = await readGenerations(database);
      return Promise.all(
        generations.map(async (generation) => ({
          ...generation,
          ...(await database.transaction((tx) => indexProgress(tx, generation.generation))),
          differs: differences(generation, wanted),
        })),
      );
    },
    async begin(force) {
      const generations = await readGenerations(database);
      const live = generations.find(({ state }) => state === 'live');
      const isUpToDate = live && differences(live, wanted).length === 0;
      return database.transaction(async (tx) => {
        if (isUpToDate && !force && !generations.some(isBuilding)) {
          // Records that the store may have lost are looked for at once all the same.
          await then(tx);
          return undefined;
        }
        const { generation } = await beginBuild(tx, wanted);
        await then(tx);
        return generation;
      });
    },
    rollBack: () =>
      database.transaction(async (tx) => {
        const changed = await rollBack(tx);
        await then(tx);
        return changed;
      }),
    abort: () =>
      database.transaction(async (tx) => {
        const given = await abortBuild(tx);
        await then(tx);
        return given;
      }),
  };
}

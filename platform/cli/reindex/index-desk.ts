import { createDatabase } from '../../../db/client.ts';
import {
  abortBuild,
  advanceJob,
  beginBuild,
  differences,
  type Generation,
  type IndexProgress,
  type IndexSettings,
  indexProgress,
  isBuilding,
  readGenerations,
  rollBack,
} from '../../../modules/legal/index/index.ts';
import { createQueue } from '../../capabilities/queue/index.ts';
import { ask } from '../control-client.ts';

/** An index generation as operators see it. */
export interface GenerationRow extends Generation, IndexProgress {
  /** In which settings it is not what the platform asks for now. */
  differs: string[];
}

/** What an operator may do with the indexes of a running platform; the work itself is the worker's. */
export interface IndexDesk {
  /** Newest first, without removed ones. */
  list(): Promise<GenerationRow[]>;
  /**
   * Begins a build, or has the one that is under way go on. Without `force` nothing is begun when the live index is as
   * the platform asks for it. @returns the number of the build, or undefined
   */
  begin(force: boolean): Promise<number | undefined>;
  rollBack(): Promise<{ from: number; to: number }>;
  /** @returns the number of what was given up */
  abort(): Promise<number>;
  close(): Promise<void>;
}

/** A command at the platform's own socket may use the owner's database. */
export async function openIndexDesk(): Promise<IndexDesk> {
  const { url } = await ask<{ url: string }>('GET', '/database');
  const wanted = await ask<IndexSettings>('GET', '/index');
  const database = createDatabase({ url, connections: 2, applicationName: 'pandect reindex' });
  const queue = createQueue(url);
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
    async close() {
      await queue.close();
      await database.close();
    },
  };
}

import { and, desc, inArray, sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { type GenerationState, indexGenerations } from '../../../db/schema/legal/index-generations.ts';
import { Refused } from '../../../platform/kernel/refused.ts';
import { differences, type Generation, type IndexSettings, isBuilding, requireLive } from './generation.ts';

/*
 * The states of index generations (docs/lifecycle.md) and the only code that changes them. All of it runs under one lock, which
 * documents that become ready share: none gets ready for an index that is live no more.
 */

/** Arbitrary but fixed. */
const LOCK = 7_263_329;

/** Keeps the live generation the one it is until this transaction ends. @returns its number */
export async function holdLiveGeneration(tx: Transaction): Promise<number> {
  await tx.execute(sql`select pg_advisory_xact_lock_shared(${LOCK})`);
  return requireLive(await select(tx, 'live')).generation;
}

/** To be called before anything is changed. */
export async function lockGenerations(tx: Transaction): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${LOCK})`);
}

/**
 * Begins a generation next to the live one, or finds the one that is under way.
 * @throws when another one with other settings is under way
 */
export async function beginBuild(tx: Transaction, wanted: IndexSettings): Promise<Generation> {
  await lockGenerations(tx);
  const all = await tx.select().from(indexGenerations).orderBy(desc(indexGenerations.generation));
  const current = all.find(isBuilding);
  if (current) {
    const other = differences(current, wanted);
    if (other.length === 0) return current;
    throw new Refused(
      'conflict',
      `Build index: ${current.generation} is under way with other settings (${other.join(', ')}); give it up first: pandect reindex --abort`,
    );
  }
  const [made] = await tx
    .insert(indexGenerations)
    .values({ generation: (all[0]?.generation ?? 0) + 1, state: 'building', ...wanted })
    .returning();
  if (!made) throw new Error('Build index: no row came back');
  return made;
}

export const markVerified = (tx: Transaction, generation: number): Promise<unknown> =>
  change(tx, [generation], ['building', 'verified'], { state: 'verified', verifiedAt: sql`now()` });

/** Makes a verified generation the live one; the one before it is kept, and what was kept before that goes. */
export async function switchTo(tx: Transaction, generation: number): Promise<void> {
  await lockGenerations(tx);
  const [verified] = await select(tx, 'verified');
  if (verified?.generation !== generation) throw new Error(`Switch to index ${generation}: it is not verified`);
  await replaceLive(tx, generation, 'removed');
}

/** Makes the kept generation live again. @throws when none is kept */
export async function rollBack(tx: Transaction): Promise<{ from: number; to: number }> {
  await lockGenerations(tx);
  const [kept] = await select(tx, 'kept');
  const [live] = await select(tx, 'live');
  if (!kept || !live) throw new Refused('conflict', 'Roll index back: none is kept');
  await replaceLive(tx, kept.generation, 'kept');
  return { from: live.generation, to: kept.generation };
}

/** Gives up the generation that is being built; what it has is cleared away in the background. @throws when there is none */
export async function abortBuild(tx: Transaction): Promise<number> {
  await lockGenerations(tx);
  const [current] = await select(tx, 'building', 'verified');
  if (!current) throw new Refused('conflict', 'Give up index: none is being built');
  await change(tx, [current.generation], ['building', 'verified'], { state: 'removed' });
  return current.generation;
}

async function replaceLive(tx: Transaction, next: number, keptBecomes: 'kept' | 'removed'): Promise<void> {
  const kept = (await select(tx, 'kept')).map(({ generation }) => generation).filter((number) => number !== next);
  const live = (await select(tx, 'live')).map(({ generation }) => generation);
  await change(tx, kept, ['kept'], { state: keptBecomes });
  await change(tx, live, ['live'], { state: 'kept' });
  await change(tx, [next], ['verified', 'kept'], { state: 'live', liveAt: sql`now()` });
}

const select = (tx: Transaction, ...states: GenerationState[]): Promise<Generation[]> =>
  tx
    .select()
    .from(indexGenerations)
    .where(inArray(indexGenerations.state, states))
    .orderBy(desc(indexGenerations.generation));

type Changes = Partial<Record<keyof Generation, unknown>> & { state: GenerationState };

async function change(
  tx: Transaction,
  generations: number[],
  from: GenerationState[],
  changes: Changes,
): Promise<void> {
  await tx
    .update(indexGenerations)
    .set(changes as Partial<typeof indexGenerations.$inferInsert>)
    .where(and(inArray(indexGenerations.generation, generations), inArray(indexGenerations.state, from)));
}

import type { Database } from '../../db/client.ts';
import { announce } from '../../platform/capabilities/feed/index.ts';
import { Problem } from '../../platform/kernel/problem.ts';
import { notFound } from '../../platform/kernel/problems.ts';
import type { Generation, PictureFile } from '../pictures/contract.ts';
import { isOver } from '../pictures/generation-state.ts';
import type { Asker } from '../pictures/generations/index.ts';
import { type Generations, generationTopic } from '../pictures/generations/index.ts';
import { imageInProgress } from '../pictures/problems.ts';

/** A generation as it is in the beginning, with what a test says of it. */
export const generationOf = (told: Partial<Generation> = {}): Generation => ({
  ...{ id: crypto.randomUUID(), status: 'queued', model: 'local', prompt: 'A lighthouse', width: 1024, height: 1024 },
  ...{ count: 1, seed: 7, position: 1, etaSeconds: 10, progress: null, pictures: [], units: 1, late: false },
  ...{ cancelAsked: false, version: 1, createdAt: '2026-01-01T00:00:00.000Z' },
  ...told,
});

/** Generations in memory, whose changes a test makes. */
export interface GivenGenerations extends Generations {
  /** What the next `create` throws. */
  refusal: Problem | undefined;
  heardCallbacks: { provider: string; id: string; body: string }[];
  change(id: string, told: Partial<Generation>): Promise<void>;
  keep(id: string, index: number, file: PictureFile): void;
}

/** The token of every callback address. */
export const CALLBACK_TOKEN = 'token-of-the-callback';

export function givenGenerations(database: Database): GivenGenerations {
  const made = new Map<string, { userId: string; requestId: string; generation: Generation }>();
  const files = new Map<string, PictureFile>();
  const deliveries = new Set<string>();
  const find = ({ userId }: Asker, id: string) => {
    const found = made.get(id);
    if (found?.userId !== userId) throw new Problem(notFound);
    return found.generation;
  };
  const given: GivenGenerations = {
    refusal: undefined,
    heardCallbacks: [],
    async create({ userId }, asked, requestId) {
      if (given.refusal) throw given.refusal;
      const earlier = [...made.values()].find((one) => one.requestId === requestId);
      if (earlier) return earlier.generation;
      const known = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
      const generation = generationOf({ createdAt: new Date().toISOString(), ...known });
      made.set(generation.id, { userId, requestId, generation });
      return generation;
    },
    async list({ userId }, { status, after, limit }) {
      const own = [...made.values()]
        .filter((one) => one.userId === userId)
        .map(({ generation }) => generation)
        .filter((one) => (status === undefined || one.status === status) && (!after || one.createdAt < after.at))
        .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
      const items = own.slice(0, limit);
      const last = items.at(-1);
      return { items, ...(own.length > limit && last && { next: { at: last.createdAt, id: last.id } }) };
    },
    read: async (caller, id) => find(caller, id),
    async cancel(caller, id) {
      if (!isOver(find(caller, id))) await given.change(id, { status: 'cancelled' });
      return find(caller, id);
    },
    async remove(caller, id) {
      if (!isOver(find(caller, id))) throw new Problem(imageInProgress);
      made.delete(id);
    },
    async file(caller, id, index, variant) {
      find(caller, id);
      const file = files.get(`${id} ${index} ${variant}`);
      if (!file) throw new Problem(notFound);
      return file;
    },
    async heard(provider, id, token, headers, body) {
      if (!made.has(id) || token !== CALLBACK_TOKEN) throw new Problem(notFound);
      const key = headers.get('x-delivery') ?? '';
      if (deliveries.has(key)) return;
      deliveries.add(key);
      given.heardCallbacks.push({ provider, id, body: body.toString() });
    },
    async change(id, told) {
      const one = made.get(id);
      if (one) one.generation = { ...one.generation, version: one.generation.version + 1, ...told };
      await database.transaction((tx) => announce(tx, generationTopic, id));
    },
    keep: (id, index, file) => void files.set(`${id} ${index} ${file.variant}`, file),
  };
  return given;
}

import { mkdtemp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, inject } from 'vitest';
import { createFeed } from '../../../platform/capabilities/feed/index.ts';
import { createNotifications } from '../../../platform/capabilities/outbox/index.ts';
import { createQueue } from '../../../platform/capabilities/queue/index.ts';
import { createLocalStorage, type FileStorage } from '../../../platform/capabilities/storage/index.ts';
import { createLog } from '../../../platform/kernel/log.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { invalidRequest } from '../../../platform/kernel/problems.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import type { ImageModel, ImageProgress, ImageTask, MadePicture } from '../../models/image-model.ts';
import { createImageCatalogue } from '../../models/images/catalogue.ts';
import { type TestOrganization, testOrganization } from '../../testing/organization.ts';
import type { InspectedPicture, PictureInspector } from '../contract.ts';
import { createGenerations } from '../generations/index.ts';

import type { RunDeps } from './contract.ts';
import { runGeneration } from './run-generation.ts';

/** What a provider of a test does instead of making each picture at the first look. */
export interface Script {
  /** Before the answer to a submit, whose task is known by then. */
  submit?(task: ImageTask, reference: string): Promise<unknown> | unknown;
  look?(reference: string, task: ImageTask): ImageProgress | Promise<ImageProgress>;
  cancel?(reference: string): Awaited<ReturnType<ImageModel['cancel']>>;
  fetch?(name: string): Buffer | Promise<Buffer>;
}

export const madeOf = (reference: string, count: number, flagged: readonly number[] = []): ImageProgress => ({
  ...{ state: 'finished', outcome: 'made' },
  pictures: Array.from(
    { length: count },
    (_, index): MadePicture => ({ picture: { url: `${reference} ${index}` }, flagged: flagged.includes(index) }),
  ),
});

/** A provider in this process that counts what it is asked. */
export function scriptedModel(script: Script = {}) {
  const tasks = new Map<string, ImageTask>();
  const counts = { submits: 0, looks: 0, cancels: 0, fetches: 0 };
  const model: ImageModel = {
    async submit(task) {
      counts.submits += 1;
      const reference = crypto.randomUUID();
      tasks.set(reference, task);
      await script.submit?.(task, reference);
      return { reference };
    },
    async look(reference) {
      counts.looks += 1;
      const task = tasks.get(reference) as ImageTask;
      return script.look ? script.look(reference, task) : madeOf(reference, task.count);
    },
    async cancel(reference) {
      counts.cancels += 1;
      return script.cancel?.(reference) ?? 'too-late';
    },
    async fetch(picture) {
      counts.fetches += 1;
      const name = 'url' in picture ? picture.url : '';
      return script.fetch ? script.fetch(name) : Buffer.from(name);
    },
    async readCallback(headers, body) {
      if (headers.get('signature') !== 'right') return undefined;
      return JSON.parse(body.toString()) as { reference: string; deliveryKey: string };
    },
  };
  return { model, counts, tasks };
}

/** Takes the words `blank` and `bad` for such pictures, and all else as a picture of the size that they begin with. */
const inspector: PictureInspector = {
  async inspect(content) {
    const text = content.toString();
    if (text.startsWith('bad')) throw new Problem(invalidRequest);
    const [width = 512, height = 512] = /^(\d+)x(\d+)/.exec(text)?.slice(1).map(Number) ?? [];
    const file = (variant: 'thumb' | 'display' | 'original') =>
      ({ variant, type: 'image/webp', width, height, content: Buffer.from(`${variant} of ${text}`) }) as const;
    const files: InspectedPicture['files'] = [file('thumb'), file('display'), file('original')];
    return { width, height, isBlank: text.startsWith('blank'), files };
  },
  toJpeg: () => Promise.reject(new Error('not asked for')),
};

export interface SceneOptions {
  script?: Script;
  times?: Partial<RunDeps['times']>;
  changes?: Partial<RunDeps>;
}

/** Generations on a database of their own, with a provider that follows a script. */
export async function pictureScene() {
  const database = await testDatabase({ connections: 10 });
  const sql = database.owner;
  const queue = createQueue(database.url('tenant'));
  const directory = await mkdtemp(join(inject('services').folder, 'pictures-'));
  const storage: FileStorage = createLocalStorage({ directory });
  const feed = createFeed(database.tenant);
  const log = createLog({ level: 'silent' });
  afterAll(async () => {
    await queue.close();
    await database.close();
  });
  const catalogue = createImageCatalogue(['local'], undefined);

  function open({ script, times = {}, changes = {} }: SceneOptions = {}) {
    const provider = scriptedModel(script);
    const models = { ...catalogue, modelOf: () => provider.model };
    const all = { waitSeconds: 900, timeoutSeconds: 600, ...times };
    const deps: RunDeps = {
      ...{ database: database.tenant, queue, feed, storage, models, inspector, times: all },
      ...{
        pace: { lookMs: 5, retryMs: 0, writeMs: 1 },
        origin: 'https://here.example',
      },
      ...changes,
    };
    const notifications = createNotifications(queue);
    const generations = createGenerations({ ...deps, notifications, catalogue, models });
    const run = (organizationId: string, imageId: string, signal = new AbortController().signal, own = deps) =>
      runGeneration(own, { organizationId, imageId, signal, log });
    /** Does the jobs that wait, those whose time has not come only when `early`, until none is left. */
    async function work({ early = false } = {}) {
      for (;;) {
        const jobs = await sql<{ data: { organizationId: string; imageId: string } }[]>`
          delete from pgboss.job where name = 'pictures' and state in ('created', 'retry')
            and (${early}::boolean or start_after <= now()) returning data`;
        if (jobs.length === 0) return;
        await Promise.all(jobs.map(({ data }) => run(data.organizationId, data.imageId)));
        if (early) return;
      }
    }
    return { ...provider, deps, generations, run, work };
  }

  /** An organization that may make so many images a month. */
  async function organization(month = 1000): Promise<TestOrganization> {
    const made = await testOrganization(database);
    await sql`insert into owner_limits (organization_id, owner_id, unit, period, amount) values (${made.id}, ${made.id}, 'image', 'month', ${month})`;
    return made;
  }

  /** What counts of the month's images, what was charged, and the rows. */
  async function books(organizationId: string) {
    const [counter] = await sql`
      select used::int from usage_counters
      where organization_id = ${organizationId} and owner_id = ${organizationId} and unit = 'image' and period = 'month'`;
    const reservations = await sql<{ state: string }[]>`
      select state from usage_reservations where organization_id = ${organizationId} order by created_at`;
    const logs =
      await sql`select outcome from usage_logs where organization_id = ${organizationId} and action = 'image'`;
    return {
      used: (counter?.used ?? 0) as number,
      states: reservations.map(({ state }) => state),
      charges: logs.length,
    };
  }

  const rowOf = async (id: string) => (await sql`select * from images where id = ${id}`)[0] as Record<string, unknown>;
  const filesOf = async (id: string) =>
    sql<{ storage_key: string }[]>`select * from image_files where image_id = ${id}`;
  const stored = async () => (await readdir(directory, { recursive: true })).filter((name) => name.length > 30);

  return { database, sql, queue, storage, open, organization, books, rowOf, filesOf, stored };
}

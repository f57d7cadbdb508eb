import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, inject } from 'vitest';
import { createImageCatalogue } from '../../modules/models/images/catalogue.ts';
import { createGenerations } from '../../modules/pictures/generations/index.ts';
import { startFalServer } from '../../modules/testing/images/fal-server.ts';
import { startRunpodServer } from '../../modules/testing/images/runpod-server.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { createNotifications } from '../../platform/capabilities/outbox/index.ts';
import { createQueue } from '../../platform/capabilities/queue/index.ts';
import { createLocalStorage } from '../../platform/capabilities/storage/index.ts';
import { waitUntil } from '../../platform/services/processes.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import type { TestEnvironment } from '../../platform/testing/process.ts';
import { startUnitProcess } from '../../platform/testing/unit-process.ts';
import manifest from './worker.ts';

const REACH_SECONDS = 120;

export interface MadeGeneration {
  id: string;
  prompt: string;
}

/** The worker in processes of its own, in front of providers on the loopback interface. */
export async function picturesScene() {
  const database = await testDatabase();
  const { owner: sql } = database;
  const queue = createQueue(database.url('tenant'));
  const [fal, runpod] = [await startFalServer(), await startRunpodServer()];
  const folder = await mkdtemp(join(inject('services').folder, 'pictures-'));
  afterAll(async () => {
    await queue.close();
    await database.close();
    await fal.close();
    await runpod.close();
  });
  const environment = {
    ...{ IMAGE_PROVIDERS: 'fal,runpod', FAL_KEY: fal.key, FAL_BASE_URL: fal.origin, FAL_JWKS_URL: fal.jwksUrl },
    ...{ RUNPOD_API_KEY: runpod.key, RUNPOD_ENDPOINT: runpod.endpoint, RUNPOD_BASE_URL: `${runpod.origin}/v2` },
    ...{ OUTBOUND_WHITELIST: '127.0.0.1', OUTBOUND_INTERNAL_HOSTS: '127.0.0.1' },
    PUBLIC_URL: 'https://pandect.example',
  };
  const generations = createGenerations({
    ...{ database: database.tenant, queue, notifications: createNotifications(queue) },
    ...{ catalogue: createImageCatalogue(['fal', 'runpod'], runpod.endpoint), models: { modelOf: () => ({}) } },
    storage: createLocalStorage({ directory: join(folder, 'files') }),
    times: { waitSeconds: 900, timeoutSeconds: 600 },
  });

  /** A generation by an organization of its own. */
  async function generate(prompt: string, model?: string): Promise<MadeGeneration> {
    const { owner } = await testOrganization(database);
    const side = model === 'runpod' ? 512 : 256;
    const asked = { prompt, model, width: side, height: side };
    const { id } = await generations.create(owner, asked, crypto.randomUUID());
    return { prompt, id };
  }

  const rowOf = async ({ id }: MadeGeneration) => (await sql`select * from images where id = ${id}`)[0];
  type Row = Awaited<ReturnType<typeof rowOf>>;

  /** What stands in the books of a generation, and the files it has. */
  async function booksOf({ id }: MadeGeneration) {
    const [row] = await sql`
      select i.status, i.reason, i.attempt, i.units, i.late, r.state as reservation,
        (select count(*)::int from usage_logs l where l.request_id = i.request_id) as charges,
        (select sum(used)::int from usage_counters c
          where c.organization_id = i.organization_id and c.unit = 'image' and c.period = 'month') as used
      from images i join usage_reservations r on r.request_id = i.request_id where i.id = ${id}`;
    const files = await sql<{ variant: string; storage_key: string; sha256: string }[]>`
      select variant, storage_key, sha256 from image_files where image_id = ${id} order by variant`;
    return { row, files, variants: files.map(({ variant }) => variant) };
  }

  return {
    ...{ database, fal, runpod, folder, environment, generate, rowOf, booksOf },
    submitsOf: ({ prompt }: Pick<MadeGeneration, 'prompt'>) =>
      [...fal.tasks, ...runpod.tasks].filter((task) => task.prompt === prompt).length,
    start: (more: TestEnvironment = {}) =>
      startUnitProcess({ kind: 'worker', name: 'pictures', manifest }, database, {
        ...{ folder, environment: { ...environment, ...more } },
      }),
    /** Resolves once this holds for the rows of all of them. */
    async until(made: readonly MadeGeneration[], holds: (row: Row) => boolean): Promise<void> {
      const inTime = await waitUntil(async () => (await Promise.all(made.map(rowOf))).every(holds), REACH_SECONDS);
      if (!inTime) expect(await Promise.all(made.map(rowOf))).toBe('in time');
    },
  };
}

/** The books of a generation whose picture was delivered and charged, and of one that ended in doubt. */
export const settledBooks = {
  ...{ status: 'done', reason: null, attempt: 1, units: 1, late: false },
  ...{ reservation: 'settled', charges: 1, used: 1 },
};
export const doubtfulBooks = {
  ...{ status: 'failed', reason: 'uncertain', attempt: 1, units: 0, late: false },
  ...{ reservation: 'released', charges: 0, used: 0 },
};
export const variants = ['display', 'original', 'thumb'];

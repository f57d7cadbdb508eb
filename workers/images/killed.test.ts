import { mkdtemp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, inject, it } from 'vitest';
import { createImageCatalogue } from '../../modules/models/images/catalogue.ts';
import { patientRedis } from '../../modules/models/upstream/state-process.fixture.ts';
import { createGenerations, type Generations } from '../../modules/pictures/generations/index.ts';
import { generationJob } from '../../modules/pictures/jobs.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { createNotifications } from '../../platform/capabilities/outbox/index.ts';
import { createQueue } from '../../platform/capabilities/queue/index.ts';
import { createLocalStorage } from '../../platform/capabilities/storage/index.ts';
import { waitUntil } from '../../platform/services/processes.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { startUnitProcess } from '../../platform/testing/unit-process.ts';
import manifest from './worker.ts';

const database = await testDatabase();
const { owner: sql } = database;
const queue = createQueue(database.url('tenant'));
afterAll(async () => {
  await queue.close();
  await database.close();
});

const redis = await patientRedis(inject('services').redisUrl);
afterAll(() => redis.disconnect());

const unit = { kind: 'worker', name: 'images', manifest } as const;
const folder = await mkdtemp(join(inject('services').folder, 'images-'));
const environment = {
  IMAGE_PROVIDERS: 'local',
  IMAGE_LOCAL_SECONDS: '3',
  IMAGE_LOCAL_STEPS: '30',
  CACHE_PREFIX: `test-${database.name}`,
};
const catalogue = createImageCatalogue(['local'], undefined);
const generations: Generations = createGenerations({
  ...{ database: database.tenant, queue, notifications: createNotifications(queue), catalogue },
  storage: createLocalStorage({ directory: join(folder, 'files') }),
  ...{ times: { waitSeconds: 900, timeoutSeconds: 600 }, models: { modelOf: () => ({}) } },
});

/* A statement in front of which a process stops: that at the place which the generation's prompt names. */
await sql.unsafe(`
  create function stop_here(place text, prompt text) returns void language plpgsql security definer as $$
  begin
    if prompt = place then perform pg_advisory_xact_lock_shared(1); end if;
  end $$;
  create function stop_image() returns trigger language plpgsql security definer as $$
  begin
    perform stop_here(case
      when new.attempt > old.attempt then 'submitting'
      when old.reference is null and new.reference is not null then 'reference'
      when new.status = 'running' and old.status <> 'running' then 'running'
      when new.status = 'running' then 'progress'
      when new.status = 'storing' then 'storing'
      when new.status = 'done' then 'done' end, new.prompt);
    return new;
  end $$;
  create function stop_file() returns trigger language plpgsql security definer as $$
  begin
    perform stop_here('files', i.prompt) from images i where i.id = new.image_id;
    return new;
  end $$;
  create function stop_books() returns trigger language plpgsql security definer as $$
  begin
    perform stop_here(tg_argv[0], i.prompt) from images i where i.request_id = new.request_id;
    return new;
  end $$;
  create function stop_job() returns trigger language plpgsql security definer as $$
  begin
    if new.state = 'completed' then
      perform stop_here('job', i.prompt) from images i where i.id::text = new.data ->> 'imageId';
    end if;
    return new;
  end $$;
  create trigger stop before update on images for each row execute function stop_image();
  create trigger stop before insert on image_files for each row execute function stop_file();
  create trigger stop before update on usage_reservations for each row execute function stop_books('settle');
  create trigger stop before insert on usage_logs for each row execute function stop_books('log');
  create trigger stop before update on pgboss.job for each row execute function stop_job();
`);

/** A generation by an organization of its own, whose worker stops at a place. */
async function generate(place: string) {
  const { id: organizationId, owner } = await testOrganization(database);
  const asked = { prompt: place, width: 64, height: 64 };
  const { id } = await generations.create(owner, asked, crypto.randomUUID());
  return { place, id, organizationId, owner };
}
type Made = Awaited<ReturnType<typeof generate>>;

const until = async (holds: () => Promise<boolean>) => expect(await waitUntil(holds, 40)).toBe(true);
const statusOf = async ({ id }: Made) => (await sql`select status from images where id = ${id}`)[0]?.status;
/** Generations that have not ended; one of them is in doubt, and stays so. */
const openOnes = async () => (await sql`select count(*)::int as n from images where ended_at is null`)[0]?.n;
const stopped = async () =>
  (await sql`select count(*)::int as n from pg_locks where locktype = 'advisory' and objid = 1 and not granted`)[0]?.n;

/** The places of a killed process at the provider are free after a minute, which is over now. */
async function freePlaces(): Promise<void> {
  const names = await redis.keys(`${environment.CACHE_PREFIX}:gateway:slots:*`);
  if (names.length > 0) await redis.del(...names);
}

/** Has a process work until it stands at all places, and ends it there. */
async function killAt(places: readonly string[]): Promise<Made[]> {
  const lock = await sql.reserve();
  await lock`select pg_advisory_lock(1)`;
  const made = await Promise.all(places.map(generate));
  const worker = await startUnitProcess(unit, database, { environment, folder });
  await until(async () => (await stopped()) === places.length);
  await worker.kill();
  await freePlaces();
  await lock`select pg_advisory_unlock(1)`;
  lock.release();
  return made;
}

/** Has a process work until something is seen of a generation, and ends it there. */
async function killWhen(name: string, isSeen: (made: Made) => Promise<boolean>): Promise<Made[]> {
  const worker = await startUnitProcess(unit, database, { environment, folder });
  await until(async () => (await openOnes()) === 1);
  const made = await generate(name);
  while (!(await isSeen(made))) await sleep(5);
  await worker.kill();
  await freePlaces();
  return [made];
}

const knownFiles = async () => (await sql`select count(*)::int as n from image_files`)[0]?.n as number;

it('23: a worker that is killed at any of twelve places leaves one submit, one charge and one picture', {
  timeout: 240_000,
}, async () => {
  const filesNow = async () =>
    (await readdir(folder, { recursive: true })).filter((name) => /[0-9a-f]{12}$/.test(name));
  const made = [
    ...(await killAt(['submitting', 'reference', 'running', 'progress'])),
    ...(await killAt(['storing', 'files', 'done', 'settle'])),
    ...(await killAt(['log', 'job'])),
    // While its picture is fetched and checked, and between two files of it.
    ...(await killWhen('checking', async (one) => (await statusOf(one)) === 'storing')),
    ...(await killWhen('stored', async () => (await filesNow()).length > (await knownFiles()))),
  ];
  const last = await startUnitProcess(unit, database, { environment, folder });
  const inDoubt = made.filter(({ place }) => place === 'reference');
  await until(async () => {
    const statuses = await Promise.all(made.filter((one) => !inDoubt.includes(one)).map(statusOf));
    return statuses.every((status) => status === 'done');
  });
  // Its provider was asked, and no reference came back: it is not asked again, and fails once its time for a callback is over.
  for (const { id, organizationId } of inDoubt) {
    await until(async () => (await sql`select uncertain_at from images where id = ${id}`)[0]?.uncertain_at !== null);
    await sql`update images set uncertain_at = now() - interval '301 seconds' where id = ${id}`;
    const again = { organizationId, imageId: id };
    await database.tenant.tenant(organizationId, (tx) => queue.send(tx, generationJob, again));
  }
  await until(async () => (await Promise.all(inDoubt.map(statusOf))).every((status) => status === 'failed'));
  await last.kill();

  expect(made).toHaveLength(12);
  for (const one of made) {
    const [row] = await sql`
      select i.attempt, i.units, i.reason, r.state,
        (select count(*)::int from image_files f where f.image_id = i.id and f.variant = 'original') as pictures,
        (select count(*)::int from usage_logs l where l.request_id = i.request_id) as charges,
        (select sum(used)::int from usage_counters c where c.organization_id = i.organization_id and c.period = 'month') as used
      from images i join usage_reservations r on r.request_id = i.request_id where i.id = ${one.id}`;
    const end = inDoubt.includes(one)
      ? { units: 0, reason: 'uncertain', state: 'released', pictures: 0, charges: 0, used: 0 }
      : { units: 1, reason: null, state: 'settled', pictures: 1, charges: 1, used: 1 };
    expect({ place: one.place, ...row }).toEqual({ place: one.place, attempt: 1, ...end });
  }
  // What a killed process had stored was stored over.
  expect((await filesNow()).length).toBe(await knownFiles());
});

import { createHash } from 'node:crypto';
import { mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, inject, it } from 'vitest';
import { connect } from '../../db/connect.ts';
import { createImageCatalogue } from '../../modules/models/images/catalogue.ts';
import { patientRedis } from '../../modules/models/upstream/state-process.fixture.ts';
import { createGenerations } from '../../modules/pictures/generations/index.ts';
import { startFalServer } from '../../modules/testing/images/fal-server.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { createNotifications } from '../../platform/capabilities/outbox/index.ts';
import { createQueue } from '../../platform/capabilities/queue/index.ts';
import { createLocalStorage, storageKeyOf } from '../../platform/capabilities/storage/index.ts';
import { waitUntil } from '../../platform/services/processes.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import type { Hold } from '../../platform/testing/hold-requests.ts';
import { startS3Server } from '../../platform/testing/s3-server.ts';
import { startUnitProcess } from '../../platform/testing/unit-process.ts';
import { closeGate, placeGates } from './places.fixture.ts';
import manifest from './worker.ts';

const database = await testDatabase();
const queue = createQueue(database.url('tenant'));
const [fal, s3] = [await startFalServer(), await startS3Server()];
// A connection for each closed gate, and one to look with.
const sql = connect(database.ownerUrl, { max: 8 });
const redis = await patientRedis(inject('services').redisUrl);
afterAll(async () => {
  redis.disconnect();
  await queue.close();
  await sql.end({ timeout: 5 });
  await database.close();
  await fal.close();
  await s3.close();
});
await placeGates(sql, database.name);

const folder = await mkdtemp(join(inject('services').folder, 'pictures-'));
const start = () =>
  startUnitProcess({ kind: 'worker', name: 'pictures', manifest }, database, {
    folder,
    environment: {
      ...{ IMAGE_PROVIDERS: 'fal', FAL_KEY: fal.key, FAL_BASE_URL: fal.origin, FAL_JWKS_URL: fal.jwksUrl },
      ...{ STORAGE: 's3', S3_ENDPOINT: s3.endpoint, S3_BUCKET: s3.bucket, S3_REGION: s3.region },
      ...{ S3_ACCESS_KEY_ID: s3.accessKeyId, S3_SECRET_ACCESS_KEY: s3.secretAccessKey },
      ...{ OUTBOUND_WHITELIST: '127.0.0.1', OUTBOUND_INTERNAL_HOSTS: '127.0.0.1' },
    },
  });
const generations = createGenerations({
  ...{ database: database.tenant, queue, notifications: createNotifications(queue) },
  ...{ catalogue: createImageCatalogue(['fal'], undefined), models: { modelOf: () => ({}) } },
  storage: createLocalStorage({ directory: join(folder, 'files') }),
  times: { waitSeconds: 900, timeoutSeconds: 600 },
});

interface Made {
  place: string;
  id: string;
}

/** A generation by an organization of its own, which is to stop at a place. */
async function generate(place: string): Promise<Made> {
  const { owner } = await testOrganization(database);
  const asked = { prompt: place, width: 256, height: 256 };
  const { id } = await generations.create(owner, asked, crypto.randomUUID());
  return { place, id };
}

const tasksOf = (place: string) => fal.tasks.filter(({ prompt }) => prompt === place);
const isAbout = (place: string, path: string) => tasksOf(place).some(({ id }) => path.includes(id));

/** Answers that a killed process never gets. */
const holds: Record<string, (made: Made) => Hold> = {
  submit: ({ place }) => fal.hold(({ method, body }) => method === 'POST' && body?.prompt === place),
  look: ({ place }) => fal.hold(({ path }) => path.endsWith('/status') && isAbout(place, path)),
  result: ({ place }) =>
    fal.hold(({ method, path }) => method === 'GET' && /requests\/[\w-]+$/.test(path) && isAbout(place, path)),
  fetch: ({ place }) => fal.hold(({ path }) => path.startsWith('/files/') && isAbout(place, path)),
  // Its first file is stored by then.
  display: ({ id }) => {
    const key = storageKeyOf(`image ${id} 0 display`);
    return s3.hold((request) => request.startsWith('PUT ') && request.includes(key));
  },
};

/** Places at the provider of a killed process are free after a minute, which is over now. */
async function freePlaces(): Promise<void> {
  const names = await redis.keys(`${database.name}:gateway:slots:*`);
  if (names.length > 0) await redis.del(...names);
}

/** Has a process work until it stands at all places, and ends it there. */
async function killAt(places: readonly string[]): Promise<Made[]> {
  const gates = await Promise.all(places.filter((place) => !(place in holds)).map((place) => closeGate(sql, place)));
  const made = await Promise.all(places.map(generate));
  const held = made.flatMap((one) => holds[one.place]?.(one) ?? []);
  const worker = await start();
  const provider = setInterval(() => {
    for (const task of fal.tasks) task.stage = task.prompt === 'running' ? 'IN_PROGRESS' : 'COMPLETED';
  }, 20);
  await Promise.all([...held.map(({ reached }) => reached), ...gates.map((gate) => gate.reached())]);
  clearInterval(provider);
  await worker.kill();
  await freePlaces();
  for (const hold of held) hold.release();
  for (const gate of gates) await gate.release();
  return made;
}

const stateOf = async ({ id }: Made) => (await sql`select * from images where id = ${id}`)[0];
const until = async (made: readonly Made[], holds: (row: Awaited<ReturnType<typeof stateOf>>) => boolean) => {
  const inTime = await waitUntil(async () => (await Promise.all(made.map(stateOf))).every(holds), 120);
  if (!inTime) expect(await Promise.all(made.map(stateOf))).toBe('in time');
};

/** What stands in the books and in storage of a generation. */
async function endOf({ place, id }: Made) {
  const [row] = await sql`
    select i.status, i.reason, i.attempt, i.units, i.late, r.state as reservation,
      (select count(*)::int from usage_logs l where l.request_id = i.request_id) as charges,
      (select sum(used)::int from usage_counters c
        where c.organization_id = i.organization_id and c.unit = 'image' and c.period = 'month') as used
    from images i join usage_reservations r on r.request_id = i.request_id where i.id = ${id}`;
  const files = await sql<{ variant: string; storage_key: string; sha256: string }[]>`
    select variant, storage_key, sha256 from image_files where image_id = ${id} order by variant`;
  for (const { storage_key, sha256 } of files) {
    const content = await readFile(s3.pathOf(storage_key));
    expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
  }
  return { place, submits: tasksOf(place).length, ...row, variants: files.map(({ variant }) => variant) };
}

it('23: a worker killed at any of twelve places leaves one submit, one charge and one whole picture', {
  timeout: 400_000,
}, async () => {
  const made = [
    ...(await killAt(['submitting', 'submit', 'reference', 'look'])),
    ...(await killAt(['running', 'result', 'storing', 'fetch'])),
    ...(await killAt(['display', 'files', 'settle'])),
    // Its worker takes no other job while the end of one is not written.
    ...(await killAt(['job'])),
  ];
  const provider = setInterval(() => {
    for (const task of fal.tasks) task.stage = 'COMPLETED';
  }, 20);
  const last = await start();
  const isInDoubt = ({ place }: Made) => place === 'submit' || place === 'reference';
  const doubted = made.filter(isInDoubt);
  await until(
    made.filter((one) => !isInDoubt(one)),
    (row) => row?.status === 'done',
  );
  await until(doubted, (row) => row?.status === 'submitting' && row.uncertain_at !== null);
  // The time in which a callback could say that they were accepted is over.
  for (const { id } of doubted) {
    await sql`update images set uncertain_at = now() - interval '301 seconds' where id = ${id}`;
    await sql`update pgboss.job set start_after = now() where state = 'created' and data ->> 'imageId' = ${id}`;
  }
  await until(doubted, (row) => row?.status === 'failed');
  clearInterval(provider);
  await last.kill();

  expect(made).toHaveLength(12);
  const same = { attempt: 1, late: false, submits: 1 };
  for (const one of made) {
    const end = isInDoubt(one)
      ? { status: 'failed', reason: 'uncertain', units: 0, reservation: 'released', charges: 0, used: 0, variants: [] }
      : {
          ...{ status: 'done', reason: null, units: 1, reservation: 'settled', charges: 1, used: 1 },
          variants: ['display', 'original', 'thumb'],
        };
    expect(await endOf(one)).toEqual({ place: one.place, ...same, ...end });
  }
  expect(fal.tasks).toHaveLength(12);
  // What a killed process had stored was stored over.
  const [{ files } = { files: -1 }] = await sql<{ files: number }[]>`select count(*)::int as files from image_files`;
  expect([files, await s3.countObjects()]).toEqual([30, 30]);
});

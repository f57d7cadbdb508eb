import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, expect, it } from 'vitest';
import { connect } from '../../db/connect.ts';
import { storageKeyOf } from '../../platform/capabilities/storage/index.ts';
import type { Hold } from '../../platform/testing/hold-requests.ts';
import { startS3Server } from '../../platform/testing/s3-server.ts';
import { closeGate, placeGates } from './places.fixture.ts';
import { doubtfulBooks, type MadeGeneration, picturesScene, settledBooks, variants } from './scene.fixture.ts';

const scene = await picturesScene();
const { database, fal } = scene;
const s3 = await startS3Server();
// A connection for each closed gate, and one to look with.
const sql = connect(database.ownerUrl, { max: 8 });
afterAll(async () => {
  await sql.end({ timeout: 5 });
  await s3.close();
});
await placeGates(sql, database.name);

const start = () =>
  scene.start({
    ...{ STORAGE: 's3', S3_ENDPOINT: s3.endpoint, S3_BUCKET: s3.bucket, S3_REGION: s3.region },
    ...{ S3_ACCESS_KEY_ID: s3.accessKeyId, S3_SECRET_ACCESS_KEY: s3.secretAccessKey },
  });

const isAbout = (prompt: string, path: string) =>
  fal.tasks.some((task) => task.prompt === prompt && path.includes(task.id));

/** Answers that a killed process never gets. */
const holds: Record<string, (made: MadeGeneration) => Hold> = {
  submit: ({ prompt }) => fal.hold(({ method, body }) => method === 'POST' && body?.prompt === prompt),
  look: ({ prompt }) => fal.hold(({ path }) => path.endsWith('/status') && isAbout(prompt, path)),
  result: ({ prompt }) => fal.hold(({ path }) => /requests\/[\w-]+$/.test(path) && isAbout(prompt, path)),
  fetch: ({ prompt }) => fal.hold(({ path }) => path.startsWith('/files/') && isAbout(prompt, path)),
  // Its first file is stored by then.
  display: ({ id }) => {
    const key = storageKeyOf(`image ${id} 0 display`);
    return s3.hold((request) => request.startsWith('PUT ') && request.includes(key));
  },
};

/** The provider makes pictures, but for the one that is to be seen in progress. */
function makePictures(running?: string): Disposable {
  const timer = setInterval(() => {
    for (const task of fal.tasks) task.stage = task.prompt === running ? 'IN_PROGRESS' : 'COMPLETED';
  }, 20);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Has a process work until it stands at all places, each with a generation that is called so, and ends it there. */
async function killAt(places: readonly string[]): Promise<MadeGeneration[]> {
  const gates = await Promise.all(places.filter((place) => !(place in holds)).map((place) => closeGate(sql, place)));
  const made = await Promise.all(places.map((place) => scene.generate(place)));
  const held = made.flatMap((one) => holds[one.prompt]?.(one) ?? []);
  using _ = makePictures('running');
  const worker = await start();
  await Promise.all([...held.map(({ reached }) => reached), ...gates.map((gate) => gate.reached())]);
  await worker.kill();
  for (const hold of held) hold.release();
  for (const gate of gates) await gate.release();
  return made;
}

/** The books of a generation, once its files are known to be whole. */
async function endOf(made: MadeGeneration) {
  const { row, files, variants } = await scene.booksOf(made);
  for (const { storage_key, sha256 } of files) {
    const content = await readFile(s3.pathOf(storage_key));
    expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
  }
  return { place: made.prompt, submits: scene.submitsOf(made), ...row, variants };
}

it('23: a worker killed at any of twelve places leaves one submit, one charge and one whole picture', {
  timeout: 400_000,
}, async () => {
  const made = [
    ...(await killAt(['submit', 'reference', 'look'])),
    ...(await killAt(['running', 'result', 'storing', 'fetch'])),
    ...(await killAt(['display', 'files', 'settle'])),
    // Its worker takes no other job while the end of one is not written.
    ...(await killAt(['job'])),
    // No other is submitted to the provider in the meantime.
    ...(await killAt(['submitting'])),
  ];
  using _ = makePictures();
  const last = await start();
  const isInDoubt = ({ prompt }: MadeGeneration) => prompt === 'submit' || prompt === 'reference';
  const doubted = made.filter(isInDoubt);
  const delivered = made.filter((one) => !isInDoubt(one));
  await scene.until(delivered, (row) => row?.status === 'done');
  await scene.until(doubted, (row) => row?.status === 'submitting' && row.uncertain_at !== null);
  // The time in which a callback could say that they were accepted is over.
  for (const { id } of doubted) {
    await sql`update images set uncertain_at = now() - interval '301 seconds' where id = ${id}`;
    await sql`update pgboss.job set start_after = now() where state = 'created' and data ->> 'imageId' = ${id}`;
  }
  await scene.until(doubted, (row) => row?.status === 'failed');
  await last.kill();

  expect([delivered.length, doubted.length, fal.tasks.length]).toEqual([10, 2, 12]);
  for (const one of made) {
    const end = isInDoubt(one) ? { ...doubtfulBooks, variants: [] } : { ...settledBooks, variants };
    expect(await endOf(one)).toEqual({ place: one.prompt, submits: 1, ...end });
  }
  // What a killed process had stored was stored over.
  const [{ files } = { files: -1 }] = await sql<{ files: number }[]>`select count(*)::int as files from image_files`;
  expect([files, await s3.countObjects()]).toEqual([30, 30]);
});

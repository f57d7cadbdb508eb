import { generateKeyPairSync } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import images from '../../functions/images/function.ts';
import { startUnitProcess, type UnitProcess } from '../../platform/testing/unit-process.ts';
import { type MadeGeneration, picturesScene, settledBooks, variants } from './scene.fixture.ts';

const scene = await picturesScene();
const { database, fal, runpod, environment, folder, rowOf } = scene;
const { owner: sql } = database;

let served: UnitProcess;
let worker: UnitProcess;
beforeAll(async () => {
  served = await startUnitProcess({ kind: 'function', name: 'images', manifest: images }, database, {
    ...{ environment, folder },
  });
  worker = await scene.start();
});
afterAll(async () => {
  await worker.kill();
  await served.kill();
});

interface Callback {
  headers: Record<string, string>;
  body: Buffer;
}

/** Sends a callback to the function, as its provider would. @returns the status */
const call = (address: string, { headers, body }: Callback): Promise<number> =>
  new Promise((resolve, reject) => {
    const { pathname: path } = new URL(address);
    const options = { socketPath: served.socketPath, method: 'POST', path, agent: false } as const;
    const sent = request({ ...options, headers: { 'content-type': 'application/json', ...headers } }, (response) =>
      response.resume().once('end', () => resolve(response.statusCode ?? 0)),
    );
    sent.once('error', reject).end(body);
  });

const falTask = ({ prompt }: MadeGeneration) => fal.tasks.find((task) => task.prompt === prompt);
const runpodTask = ({ prompt }: MadeGeneration) => runpod.tasks.find((task) => task.prompt === prompt);
/** A task of fal's, and one that is to be mistaken for it, whose pictures are not made yet. */
async function waitingAtFal(...prompts: string[]) {
  const made = await Promise.all(prompts.map((prompt) => scene.generate(prompt)));
  await scene.until(made, (row) => row?.status === 'waiting');
  return made.map((one) => ({ made: one, task: falTask(one) as NonNullable<ReturnType<typeof falTask>> }));
}
const callbacksOf = async ({ id }: MadeGeneration) =>
  (await sql`select 1 from image_callbacks where image_id = ${id}`).length;
const alter = (address: string) => address.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
const delivered = async (made: MadeGeneration) => {
  const books = await scene.booksOf(made);
  return { ...books.row, variants: books.variants, submits: scene.submitsOf(made), callbacks: await callbacksOf(made) };
};
const once = { ...settledBooks, variants, submits: 1, callbacks: 1 };

it('a forged callback of fal is refused, and changes nothing', { timeout: 120_000 }, async () => {
  const [one, other] = await waitingAtFal('forged', 'another');
  if (!one || !other) throw new Error('no tasks');
  const before = await rowOf(one.made);
  const address = one.task.webhook as string;
  expect(address).toContain(`https://pandect.example/api/images/callbacks/fal/${one.made.id}.`);
  const right = fal.callback(one.task);
  const stranger = generateKeyPairSync('ed25519').privateKey;
  const { 'x-fal-webhook-signature': _, ...unsigned } = right.headers;
  const forgeries: [why: string, address: string, callback: Callback][] = [
    ['unsigned', address, { ...right, headers: unsigned }],
    ['by another key', address, fal.callback(one.task, { key: stranger })],
    ['with another body', address, { ...right, body: Buffer.from(right.body.toString().replace('OK', 'ERROR')) }],
    ['of six minutes ago', address, fal.callback(one.task, { secondsFromNow: -360 })],
    ['of the future', address, fal.callback(one.task, { secondsFromNow: 360 })],
    ['of another task', address, fal.callback(other.task)],
    ['with another token', alter(address), right],
    ['with the token of another', address.replace(/\.[\w-]+$/, `.${other.task.webhook?.split('.').at(-1)}`), right],
    ['of another provider', address.replace('/fal/', '/runpod/'), right],
    ['of a provider that there is not', address.replace('/fal/', '/unknown/'), right],
    ['without a token', address.replace(/\.[\w-]+$/, ''), right],
  ];
  for (const [why, to, callback] of forgeries) expect([why, await call(to, callback)]).toEqual([why, 404]);
  // Its worker has looked since, and found it waiting.
  expect(await rowOf(one.made)).toEqual(before);
  expect([await callbacksOf(one.made), await callbacksOf(other.made)]).toEqual([0, 0]);
  for (const { task } of [one, other]) task.stage = 'COMPLETED';
  await scene.until([one.made, other.made], (row) => row?.status === 'done');
  expect(served.said()).not.toContain(address.split('.').at(-1));
});

it('a callback of fal that is replayed does nothing twice', { timeout: 120_000 }, async () => {
  const [one] = await waitingAtFal('replayed');
  if (!one) throw new Error('no task');
  one.task.stage = 'COMPLETED';
  const [address, right] = [one.task.webhook as string, fal.callback(one.task)];
  expect(await Promise.all([1, 2, 3, 4].map(() => call(address, right)))).toEqual([204, 204, 204, 204]);
  await scene.until([one.made], (row) => row?.status === 'done');
  const { version } = (await rowOf(one.made)) as { version: number };
  // The same delivery later, and one that was signed again.
  for (const again of [right, fal.callback(one.task)]) expect(await call(address, again)).toBe(204);
  expect(await delivered(one.made)).toEqual(once);
  expect(await rowOf(one.made)).toMatchObject({ version });
});

it('a callback about a submit in doubt completes it, without a second one', { timeout: 120_000 }, async () => {
  const held = fal.hold(({ method, body }) => method === 'POST' && body?.prompt === 'in doubt');
  const made = await scene.generate('in doubt');
  await held.reached;
  await worker.kill();
  held.release();
  worker = await scene.start();
  await scene.until([made], (row) => row?.uncertain_at !== null);
  const task = falTask(made);
  if (!task) throw new Error('no task');
  task.stage = 'COMPLETED';
  const address = task.webhook as string;
  expect(await call(alter(address), fal.callback(task))).toBe(404);
  expect(await Promise.all([1, 2].map(() => call(address, fal.callback(task))))).toEqual([204, 204]);
  await scene.until([made], (row) => row?.status === 'done');
  expect(await delivered(made)).toEqual(once);
});

it('a callback of RunPod needs its token, and what it says is looked up', { timeout: 120_000 }, async () => {
  const made = await scene.generate('at runpod', 'runpod');
  await scene.until([made], (row) => row?.status === 'waiting');
  const task = runpodTask(made);
  if (!task) throw new Error('no task');
  const address = task.webhook as string;
  const told = (fields: object) => ({
    headers: {},
    body: Buffer.from(JSON.stringify({ id: task.id, status: 'COMPLETED', ...fields })),
  });
  const before = await rowOf(made);
  const forgeries: [string, Callback][] = [
    [alter(address), told({})],
    [address, told({ id: `${crypto.randomUUID()}-e1` })],
    [address, told({ id: '../health' })],
    [address, { headers: {}, body: Buffer.from('<html>') }],
    [address.replace('/runpod/', '/fal/'), told({})],
  ];
  for (const [to, callback] of forgeries) expect(await call(to, callback)).toBe(404);
  expect(await rowOf(made)).toEqual(before);

  // With the right address, but before the task has ended: pictures that it names are not taken.
  expect(await call(address, told({ output: { image_url: 'http://169.254.169.254/' } }))).toBe(204);
  await scene.until([made], (row) => row?.status === 'waiting');
  await runpod.finish(task);
  expect(await Promise.all([1, 2].map(() => call(address, told({}))))).toEqual([204, 204]);
  await scene.until([made], (row) => row?.status === 'done');
  expect(await delivered(made)).toEqual(once);
});

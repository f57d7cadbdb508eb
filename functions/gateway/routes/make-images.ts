import { Readable } from 'node:stream';
import type { Context } from 'hono';
import { requestIdOf } from '../../../modules/commerce/metering/request-id.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import type { Generation, PictureFile } from '../../../modules/pictures/contract.ts';
import { isOver } from '../../../modules/pictures/generation-state.ts';
import { type Generations, generationTopic } from '../../../modules/pictures/generations/index.ts';
import { isSameRequest, keyOfImages } from '../../../modules/pictures/is-same-request.ts';
import { picturePath } from '../../../modules/pictures/picture-path.ts';
import { imageFailed, imageStillRunning, pictureRefused } from '../../../modules/pictures/problems.ts';
import { reasonTexts } from '../../../modules/pictures/reason-texts.ts';
import type { Feed } from '../../../platform/capabilities/feed/index.ts';
import type { FileStorage } from '../../../platform/capabilities/storage/index.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { idempotencyMismatch } from '../../../platform/kernel/problems.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import { readIdempotencyKey } from '../../../platform/runtime/http/operation.ts';
import type { RouterEnv } from '../../../platform/runtime/http/router-env.ts';
import type { ImageRequest } from '../read-image-request.ts';

export interface MakeImagesDeps {
  generations: Generations;
  feed: Feed;
  storage: FileStorage;
  publicOrigin: string;
}

/** What proxies and clients wait for, mostly. */
const LONGEST_WAIT_MS = 180_000;
/** Of the caller's own time, for telling that it was too short. */
const TELLING_MS = 500;
/** The generation is read so often though no change was heard. */
const HEARTBEAT_MS = 15_000;

/**
 * Has pictures made by a generation and waits for them, up to three minutes, or as long as the caller says.
 * @throws Problem image-still-running with the generation's id, image-failed, picture-refused, and those of `Generations.create`
 */
export async function makeImages(
  c: Context<RouterEnv>,
  deps: MakeImagesDeps,
  { caller, signal, seconds }: { caller: Caller; signal: AbortSignal; seconds: number },
  { asked, form }: ImageRequest,
): Promise<Response> {
  const longestMs = Math.min(LONGEST_WAIT_MS, seconds * 1000 - TELLING_MS);
  requireRole(caller, 'member');
  const key = readIdempotencyKey(c.req.header('idempotency-key'));
  const made = await deps.generations.create(caller, asked, requestIdOf(caller, keyOfImages(key)));
  if (!isSameRequest(made, asked)) throw new Problem(idempotencyMismatch);
  const generation = await untilOver(deps, caller, made.id, { longestMs, signal });
  requireDone(generation, longestMs);
  const { id, pictures } = generation;
  const files = await Promise.all(
    pictures.map(async ({ index }) => ({ index, file: await deps.generations.file(caller, id, index, 'original') })),
  );
  const created = Math.floor(Date.parse(generation.endedAt ?? generation.createdAt) / 1000);
  c.header('x-pandect-image-id', id);
  if (form === 'url') {
    const data = await Promise.all(files.map(async (one) => ({ url: await addressOf(deps, id, one) })));
    return c.json({ created, data });
  }
  const pieces = Readable.from(inBytes(writeAnswer(deps.storage, created, files)));
  const body = Readable.toWeb(pieces) as ReadableStream;
  return c.body(body, 200, { 'content-type': 'application/json' });
}

async function untilOver(
  { generations, feed }: Pick<MakeImagesDeps, 'generations' | 'feed'>,
  caller: Caller,
  id: string,
  { longestMs, signal }: { longestMs: number; signal: AbortSignal },
): Promise<Generation> {
  const lastMs = performance.now() + longestMs;
  using changes = await feed.subscribe(generationTopic, id);
  for (;;) {
    const generation = await generations.read(caller, id);
    const leftMs = lastMs - performance.now();
    if (isOver(generation) || leftMs <= 0) return generation;
    await changes.next(Math.min(HEARTBEAT_MS, leftMs), signal);
    signal.throwIfAborted();
  }
}

function requireDone({ id, status, reason }: Generation, longestMs: number): void {
  if (status === 'done') return;
  if (status === 'refused') throw new Problem(pictureRefused, { parameters: { id } });
  if (!isOver({ status })) {
    throw new Problem(imageStillRunning, { parameters: { id, seconds: Math.round(longestMs / 1000) } });
  }
  const told = reason ? reasonTexts[reason] : { en: `It is "${status}".`, ru: `Состояние: «${status}».` };
  throw new Problem(imageFailed, { parameters: { id, reason: withoutStop(told) } });
}

const withoutStop = ({ en, ru }: Record<'en' | 'ru', string>) => ({
  en: en.replace(/\.$/, ''),
  ru: ru.replace(/\.$/, ''),
});

interface IndexedFile {
  index: number;
  file: PictureFile;
}

/** In object storage, where anyone may read it for five minutes; else of this service, which asks for the credential. */
const addressOf = async ({ storage, publicOrigin }: MakeImagesDeps, id: string, { index, file }: IndexedFile) =>
  (await storage.presign(file.storageKey, { disposition: 'inline', mediaType: file.type })) ??
  publicOrigin + picturePath(id, index, 'original');

/** The answer piece by piece: all pictures in base64 may have hundreds of megabytes. */
async function* writeAnswer(storage: FileStorage, created: number, files: readonly IndexedFile[]) {
  yield `{"created":${created},"data":[`;
  for (const [place, { file }] of files.entries()) {
    yield `${place > 0 ? ',' : ''}{"b64_json":"`;
    yield* inBase64((await storage.read(file.storageKey)).stream);
    yield '"}';
  }
  yield ']}';
}

async function* inBase64(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  for await (const part of stream) {
    const bytes = Buffer.concat([rest, part]);
    const whole = bytes.length - (bytes.length % 3);
    yield bytes.toString('base64', 0, whole);
    rest = bytes.subarray(whole);
  }
  yield rest.toString('base64');
}

async function* inBytes(texts: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const text of texts) yield Buffer.from(text);
}

import type { Context } from 'hono';
import type { Json } from '../../modules/models/dialects/contract.ts';
import { Problem } from '../../platform/kernel/problem.ts';
import {
  invalidRequest,
  malformedJson,
  payloadTooLarge,
  unsupportedMediaType,
} from '../../platform/kernel/problems.ts';
import type { RouterEnv } from '../../platform/runtime/http/router-env.ts';

/** A body that was read. */
export interface ReadBody {
  json: Json;
  bytes: number;
}

/**
 * Reads a body of at most `most` bytes; no more of a larger one is taken in.
 * @throws Problem unsupported-media-type, payload-too-large, malformed-json, invalid-request when it is no object
 */
export async function readJson(c: Context<RouterEnv>, most: number): Promise<ReadBody> {
  if (!/^application\/json\s*(;|$)/i.test(c.req.header('content-type') ?? ''))
    throw new Problem(unsupportedMediaType, { parameters: { expected: 'application/json' } });
  const bytes = await readBytes(c, most);
  const json = parse(bytes);
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new Problem(invalidRequest, { errors: [{ path: 'body', message: 'must be an object' }] });
  return { json: json as Json, bytes: bytes.length };
}

/** @throws Problem payload-too-large */
export async function readBytes(c: Context<RouterEnv>, most: number): Promise<Buffer> {
  const tooLarge = () => new Problem(payloadTooLarge, { parameters: { limit: most } });
  const announced = Number(c.req.header('content-length') ?? Number.NaN);
  if (announced > most) throw tooLarge();
  // Node reads no more than what was announced.
  // Not by `c.req`, which would keep the bytes as long as the answer takes.
  if (announced >= 0) return Buffer.from(await c.req.raw.arrayBuffer());
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of c.req.raw.body ?? []) {
    size += part.byteLength;
    if (size > most) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch (cause) {
    throw new Problem(malformedJson, { cause });
  }
}

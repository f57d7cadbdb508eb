import { Readable } from 'node:stream';
import type { BegunAnswer, WholeAnswer } from '../routing/contract.ts';

/** An answer as it is kept: plain JSON. */
export interface StoredAnswer {
  kind: 'whole' | 'begun';
  contentType: string;
  /** Name of the target that gave it. */
  target: string;
  /** In base64: a stream may hold bytes that are no text. */
  body: string;
}

export const storeAnswer = (
  { kind, contentType, target }: Pick<WholeAnswer | BegunAnswer, 'kind' | 'contentType' | 'target'>,
  body: Buffer,
): StoredAnswer => ({ kind, contentType, target: target.name, body: body.toString('base64') });

/** The bytes again: as a body, or as a stream. */
export function replayAnswer({
  kind,
  contentType,
  body,
}: StoredAnswer): Omit<WholeAnswer, 'target'> | Omit<BegunAnswer, 'target'> {
  const bytes = Buffer.from(body, 'base64');
  if (kind === 'whole') return { kind, contentType, status: 200, body: bytes };
  return { kind, contentType, bytes: Readable.from([bytes]), over: Promise.resolve() };
}

import { z } from 'zod';
import { type FieldError, Problem, type ProblemDocument } from '../../../platform/kernel/problem.ts';
import { invalidRequest, malformedJson } from '../../../platform/kernel/problems.ts';
import type { Image } from '../image.ts';

const id = z.uuid().toLowerCase();

const message = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('authorize'), token: z.string().min(1).max(4_096) }),
  z.strictObject({ type: z.literal('follow'), id }),
  z.strictObject({ type: z.literal('unfollow'), id }),
  z.strictObject({ type: z.literal('cancel'), id }),
]);

/** What clients send. */
export type ClientMessage = z.output<typeof message>;

/** What clients are sent. */
export type ServerMessage =
  /** @param until when the token, or else the socket, is over */
  | { type: 'authorized'; until: string }
  | { type: 'image'; image: Image }
  | { type: 'problem'; about: ClientMessage['type'] | 'message'; id?: string; problem: ProblemDocument };

/** @throws Problem malformed-json, invalid-request */
export function readMessage(text: string): ClientMessage {
  const result = message.safeParse(parse(text));
  if (result.success) return result.data;
  const errors = result.error.issues.map(
    (issue): FieldError => ({ path: ['message', ...issue.path].join('.'), message: issue.message }),
  );
  throw new Problem(invalidRequest, { errors });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem(malformedJson, { cause });
  }
}

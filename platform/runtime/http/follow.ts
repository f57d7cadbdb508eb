import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Changes } from '../../capabilities/feed/index.ts';
import { toProblemDocument } from '../../kernel/problem.ts';
import { notFound } from '../../kernel/problems.ts';
import type { RouterEnv } from './router-env.ts';
import { toProblem } from './to-problem.ts';
import { webSocket } from './web-socket.ts';

export interface Followed<T> {
  /** To the record's changes, as the feed gives them. */
  subscribe(): Promise<Changes>;
  /** The record as the caller sees it now. @throws Problem not-found when it is gone */
  read(): Promise<T>;
  /** Whether nothing more will come of a record in this state. */
  isFinal(record: T): boolean;
  /** What counts the changes of a record, for the `id` of its events. */
  versionOf?(record: T): number;
  /** Milliseconds after which the record is read again though no change was heard; 15,000 unless given. */
  heartbeat?: number;
}

export interface Message {
  event: string;
  /** JSON. */
  data: string;
  id?: string;
}

/** Messages until the signal is aborted; undefined is a sign of life. The next one is made when the one before was taken. */
export type Messages = (signal: AbortSignal) => AsyncGenerator<Message | undefined>;

export const HEARTBEAT_MS = 15_000;
/** Codes of RFC 6455. */
const NORMAL_END = 1000;
const INTERNAL_ERROR = 1011;

/**
 * Answers with a record's state and each new one until it is final or gone: as server-sent events, or as a WebSocket where the
 * request asks for one, with messages `{"event", "data"}`. The last message is an `error` with a problem document when reading
 * fails. A slow reader gets the newest state when it is ready for it, and not those in between.
 * @throws Problem what `read` throws at first, so that a missing record is a 404
 */
export async function follow<T>(c: Context<RouterEnv>, followed: Followed<T>): Promise<Response> {
  await followed.read();
  return answerWithMessages(c, (signal) => messagesOf(c, followed, signal));
}

/** Answers with messages as server-sent events, or over a WebSocket where the request asks for one. */
export async function answerWithMessages(c: Context<RouterEnv>, messages: Messages): Promise<Response> {
  const isSocket = c.req.header('upgrade')?.toLowerCase() === 'websocket';
  return isSocket ? overSocket(c, messages) : asEvents(c, messages);
}

/** What is said, and logged, when reading fails in the middle; undefined for a record that is gone. */
export function failureMessage(c: Context<RouterEnv>, error: unknown): Message | undefined {
  const problem = toProblem(error);
  if (problem.definition === notFound) return undefined;
  c.var.log.error({ error, problem: problem.type }, 'Events broke off');
  return { event: 'error', data: JSON.stringify(toProblemDocument(problem, c.var.language, c.var.requestId)) };
}

/** Each new state; undefined is a sign of life. The next state is read when the one before was taken. */
async function* messagesOf<T>(
  c: Context<RouterEnv>,
  { subscribe, read, isFinal, versionOf, heartbeat = HEARTBEAT_MS }: Followed<T>,
  signal: AbortSignal,
): AsyncGenerator<Message | undefined> {
  try {
    using changes = await subscribe();
    let sent = '';
    while (!signal.aborted) {
      const record = await read();
      const data = JSON.stringify(record);
      const id = versionOf && { id: String(versionOf(record)) };
      yield data === sent ? undefined : { event: 'status', data, ...id };
      if (isFinal(record)) return;
      sent = data;
      await changes.next(heartbeat, signal);
    }
  } catch (error) {
    const last = failureMessage(c, error);
    if (last) yield last;
  }
}

function asEvents(c: Context<RouterEnv>, messages: Messages): Response {
  return streamSSE(c, async (stream) => {
    const left = new AbortController();
    stream.onAbort(() => left.abort());
    for await (const message of messages(left.signal)) {
      await (message ? stream.writeSSE({ ...message }) : stream.write(': still here\n\n'));
    }
  });
}

/** The part of the library's socket that says when a message has left. */
interface RawSocket {
  send(text: string, done: (error?: Error) => void): void;
  ping(data: undefined, mask: undefined, done: (error?: Error) => void): void;
}

async function overSocket(c: Context<RouterEnv>, messages: Messages): Promise<Response> {
  const left = new AbortController();
  const upgrade = webSocket(() => ({
    async onOpen(_, socket) {
      const raw = socket.raw as RawSocket;
      let last: Message | undefined;
      for await (const message of messages(left.signal)) {
        // What cannot be sent was for a reader that has left, and its end is heard.
        await new Promise<unknown>((sent) => {
          if (!message) return raw.ping(undefined, undefined, sent);
          raw.send(JSON.stringify({ event: message.event, data: JSON.parse(message.data) }), sent);
        });
        last = message;
      }
      socket.close(last?.event === 'error' ? INTERNAL_ERROR : NORMAL_END);
    },
    onClose: () => left.abort(),
  }));
  return (await upgrade(c, async () => {})) as Response;
}

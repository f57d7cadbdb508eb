import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { z } from 'zod';
import { Problem } from '../../platform/kernel/problem.ts';
import { changeRefused, invalidRequest, notFound, unavailable } from '../../platform/kernel/problems.ts';
import { CONSOLE_SOCKET } from '../../platform/kernel/variables.ts';
import { defineProvider } from '../../platform/runtime/boot.ts';

/** The supervisor, as far as it lets the console ask. Answers are held against schemas: it may be of another version. */
export interface Supervisor {
  /** @throws Problem not-found, invalid-request or change-refused with its words, or unavailable */
  get<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>>;
  /** The same with a body. */
  ask<S extends z.ZodType>(path: string, body: object, schema: S): Promise<z.output<S>>;
  /** For what changes something. @throws Problem not-found, change-refused with its words, or unavailable */
  post<S extends z.ZodType>(path: string, body: object, schema: S): Promise<z.output<S>>;
  /** Lines of JSON as they come; undefined is a sign of life. Ends when the supervisor ends it or goes away. */
  lines(path: string, signal: AbortSignal): AsyncGenerator<unknown>;
}

interface Opened {
  /** Of what is followed. */
  signal?: AbortSignal;
  isChange?: boolean;
}

const ANSWER_MS = 280_000;
const SILENCE_MS = 60_000;

/** Without a socket, as where no supervisor runs, everything is unavailable. */
export const supervisor = defineProvider([CONSOLE_SOCKET], (_, { CONSOLE_SOCKET }) => createSupervisor(CONSOLE_SOCKET));

export function createSupervisor(socketPath: string | undefined): Supervisor {
  const open = async (method: string, path: string, body?: object, { signal, isChange }: Opened = {}) => {
    if (socketPath === undefined) throw away(new Error('Ask supervisor: no socket was named'));
    const sent = body && JSON.stringify(body);
    const headers =
      sent === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent) };
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const timeout = signal ? SILENCE_MS : ANSWER_MS;
      const asked = request({ socketPath, method, path, headers, agent: false, timeout, signal }, resolve);
      asked.on('timeout', () => asked.destroy(new Error(`Ask supervisor: no answer within ${timeout} ms`)));
      asked.on('error', reject).end(sent);
    }).catch((cause: unknown) => {
      throw away(cause);
    });
    if ((answer.statusCode ?? 500) < 300) return answer;
    throw isChange ? await refusedChange(answer) : await refusedRead(answer);
  };
  const read = async <S extends z.ZodType>(answer: IncomingMessage, schema: S): Promise<z.output<S>> => {
    const said = await text(answer).catch((cause: unknown) => {
      throw away(cause);
    });
    const parsed = schema.safeParse(JSON.parse(said));
    if (parsed.success) return parsed.data;
    throw away(new Error(`Ask supervisor: its answer is of another version: ${parsed.error.message.slice(0, 500)}`));
  };
  return {
    get: async (path, schema) => read(await open('GET', path), schema),
    ask: async (path, body, schema) => read(await open('POST', path, body), schema),
    post: async (path, body, schema) => read(await open('POST', path, body, { isChange: true }), schema),
    async *lines(path, signal) {
      const answer = await open('GET', path, undefined, { signal });
      let rest = '';
      answer.setEncoding('utf8');
      try {
        for await (const part of answer) {
          const lines = (rest + part).split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) yield line === '' ? undefined : JSON.parse(line);
        }
      } catch (error) {
        // Its end in the middle of an answer is told by the missing last line.
        if (error instanceof SyntaxError) throw error;
      } finally {
        answer.destroy();
      }
    },
  };
}

const away = (cause: unknown) => new Problem(unavailable, { parameters: { seconds: 5 }, cause });

async function refusedChange(answer: IncomingMessage): Promise<Problem> {
  const { status, said, cause } = await refusalOf(answer);
  if (status === 404) return new Problem(notFound, { cause });
  if (status === 400 || status === 409) {
    return new Problem(changeRefused, { parameters: { reason: messageOf(said) }, cause });
  }
  return away(cause);
}

async function refusedRead(answer: IncomingMessage): Promise<Problem> {
  const { status, said, cause } = await refusalOf(answer);
  if (status === 404) return new Problem(notFound, { cause });
  if (status === 400) {
    return new Problem(invalidRequest, { errors: [{ path: 'query', message: messageOf(said) }], cause });
  }
  if (status === 409) return new Problem(changeRefused, { parameters: { reason: messageOf(said) }, cause });
  return away(cause);
}

async function refusalOf(answer: IncomingMessage) {
  const said = await text(answer);
  const status = answer.statusCode ?? 500;
  return { status, said, cause: new Error(`Ask supervisor: ${status} ${said.slice(0, 500)}`) };
}

function messageOf(said: string): string {
  try {
    return String((JSON.parse(said) as { message?: unknown }).message ?? said);
  } catch {
    return said;
  }
}

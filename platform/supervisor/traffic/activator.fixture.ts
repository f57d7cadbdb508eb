import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, createServer, type IncomingMessage, type RequestOptions, request, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../kernel/log.ts';
import { type Activator, type ActivatorOptions, createActivator } from './activator.ts';

export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  rawHeaders: string[];
  rawTrailers: string[];
  body: string;
}

export interface ActivatorFixture {
  folder: string;
  /** A activator at `wake.sock`; closed at the end. */
  activator(options: Partial<ActivatorOptions> & Pick<ActivatorOptions, 'wake'>): Promise<Activator>;
  /** An instance at this socket; closed at the end. */
  instance(configure: (server: Server) => unknown): Promise<{ socket: string }>;
  /** An instance, and an activator whose requests wait until it is called with `wake`. */
  asleep(configure: (server: Server) => unknown): Promise<{ activator: Activator; wake(): void }>;
  /** A request to the activator, to be ended by the caller. */
  open(options?: RequestOptions): ReturnType<typeof request>;
  ask(options?: RequestOptions, body?: string | Buffer): Promise<Answer>;
  close(): Promise<void>;
}

export async function activatorFixture(): Promise<ActivatorFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  const path = join(folder, 'wake.sock');
  const agent = new Agent({ keepAlive: true });
  const ends: (() => Promise<unknown>)[] = [];
  const open = (options: RequestOptions = {}) =>
    request({ socketPath: path, agent, ...options, headers: { host: 'test', ...options.headers } });
  const fixture: ActivatorFixture = {
    folder,
    async activator(options) {
      const made = createActivator({ path, user: undefined, log: createLog({ level: 'silent' }), ...options });
      await made.listen();
      ends.push(() => made.close(0));
      return made;
    },
    async asleep(configure) {
      const instance = await fixture.instance(configure);
      const woken = Promise.withResolvers<typeof instance>();
      const activator = await fixture.activator({ wake: () => woken.promise });
      return { activator, wake: () => woken.resolve(instance) };
    },
    async instance(configure) {
      const socket = join(folder, 'i-1.sock');
      const server = createServer();
      configure(server);
      await new Promise<void>((resolve) => server.listen(socket, resolve));
      ends.push(() => {
        server.closeAllConnections();
        return new Promise((resolve) => server.close(resolve));
      });
      return { socket };
    },
    open,
    async ask(options, body) {
      const asked = open(options);
      asked.end(body);
      return readAnswer(await answerTo(asked));
    },
    async close() {
      agent.destroy();
      for (const end of ends.toReversed()) await end();
      await rm(folder, { recursive: true });
    },
  };
  return fixture;
}

export const answerTo = (asked: ReturnType<typeof request>): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => asked.once('response', resolve).once('error', reject));

export async function readAnswer(answer: IncomingMessage): Promise<Answer> {
  const parts: Buffer[] = [];
  for await (const part of answer) parts.push(part);
  const { statusCode: status = 0, headers, rawHeaders, rawTrailers } = answer;
  return { status, headers, rawHeaders, rawTrailers, body: Buffer.concat(parts).toString() };
}

/** Resolves when a condition holds that something else brings about. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

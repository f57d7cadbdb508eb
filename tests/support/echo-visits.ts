import { once } from 'node:events';
import type { Echo, EchoFunction } from './echo-function.ts';
import { readEvents, type ServerEvent } from './http/events.ts';
import type { Visitor } from './http/load.ts';
import type { PlatformAccess } from './platform.ts';

/** One way each in which clients use a function of `echo-function.ts`; all throw when the answer is not whole. */

type Target = Pick<EchoFunction, 'path'>;

const ANSWER_MS = 30_000;

/** GET, or POST when there is a body. */
export async function callEcho({ url }: PlatformAccess, { path }: Target, body?: Buffer, query = ''): Promise<Echo> {
  const response = await fetch(url + path + query, {
    signal: AbortSignal.timeout(ANSWER_MS),
    ...(body && { method: 'POST', body: new Uint8Array(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status} ${text}`);
  const answer = JSON.parse(text) as Echo & { bytes?: number };
  if (body && answer.bytes !== body.length) throw new Error(`${answer.bytes} of ${body.length} bytes arrived`);
  return answer;
}

/** An event stream to its end, which must come from one process without a gap. */
export async function followEcho({ url }: PlatformAccess, { path }: Target, count: number, every: number) {
  const response = await fetch(`${url}${path}/events?count=${count}&every=${every}`);
  const events = await Array.fromAsync(readEvents(response));
  const pids = new Set(events.map(({ data }) => (data as Echo).pid));
  const isWhole =
    events.length === count && events.every(({ data }, index) => (data as { index: number }).index === index);
  if (!isWhole || pids.size !== 1) throw new Error(`${events.length} of ${count} events from ${pids.size} processes`);
  return events as (ServerEvent & { data: Echo })[];
}

/** A WebSocket that is used like a call. */
export interface EchoSocket {
  /** Sends a text and waits for what comes back. @throws when the connection is gone */
  say(text: string): Promise<Echo>;
  readonly isOpen: boolean;
  close(): Promise<void>;
}

export async function openEchoSocket({ url }: PlatformAccess, { path }: Target): Promise<EchoSocket> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}${path}/socket`);
  const failed = new Promise<never>((_, reject) => {
    socket.addEventListener('close', ({ code, reason }) => reject(new Error(`closed with ${code} ${reason}`)));
  });
  failed.catch(() => {});
  await Promise.race([once(socket, 'open'), failed]);
  return {
    async say(text) {
      socket.send(text);
      const [event] = (await Promise.race([once(socket, 'message'), failed])) as [MessageEvent<string>];
      const answer = JSON.parse(event.data) as Echo & { data: string };
      if (answer.data !== text) throw new Error(`"${answer.data}" came back for "${text}"`);
      return answer;
    },
    get isOpen() {
      return socket.readyState === WebSocket.OPEN;
    },
    async close() {
      const closed = once(socket, 'close');
      socket.close(1000);
      await closed;
    },
  };
}

/** Many clients of all kinds at once, for `startLoad`. */
export function echoVisitors(platform: PlatformAccess, echo: Target): Visitor[] {
  const body = Buffer.from(JSON.stringify({ text: 'x'.repeat(2_000) }));
  return [
    ...several(2, 'GET', async () => void (await callEcho(platform, echo))),
    ...several(2, 'POST', async () => void (await callEcho(platform, echo, body))),
    ...several(1, 'short stream', async () => void (await followEcho(platform, echo, 5, 10))),
    ...several(1, 'long stream', async () => void (await followEcho(platform, echo, 40, 50))),
    ...several(2, 'WebSocket', async () => {
      const socket = await openEchoSocket(platform, echo);
      for (const text of ['one', 'two', 'three']) await socket.say(text);
      await socket.close();
    }),
  ];
}

const several = (count: number, name: string, visit: () => Promise<void>): Visitor[] =>
  Array.from({ length: count }, () => ({ name, visit }));

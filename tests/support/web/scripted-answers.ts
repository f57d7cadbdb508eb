import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A question that the page has sent, and the stream of its answer in the hand of the test. */
export interface ScriptedAnswer {
  key: string;
  question: string;
  /** Sends an event of the stream. */
  send(event: string, data: unknown): void;
  /** Breaks the connection. */
  cut(): void;
}

export interface ScriptedAnswers {
  /** The platform's address with answers from the test. */
  url: string;
  /** The next question that is sent. */
  next(): Promise<ScriptedAnswer>;
  /** Keys of answers that were stopped. */
  stopped: string[];
  /** Answers a GET of a path with JSON instead of the platform. */
  put(path: string, json: unknown): void;
  close(): Promise<void>;
}

/** Stands before a platform and hands its answers to a test, event by event; all else goes through. */
export async function scriptAnswers(platformUrl: string): Promise<ScriptedAnswers> {
  const target = new URL(platformUrl);
  const asked: ScriptedAnswer[] = [];
  const waiting: ((answer: ScriptedAnswer) => void)[] = [];
  const stopped: string[] = [];
  const own = new Map<string, unknown>();
  const forward = (incoming: IncomingMessage, response: ServerResponse) => {
    const { method, url: path, headers } = incoming;
    const sent = request({
      ...{ hostname: target.hostname, port: target.port, method, path },
      headers: { ...headers, host: target.host, ...(headers.origin && { origin: target.origin }) },
    });
    sent.once('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    sent.once('error', () => response.destroy());
    incoming.pipe(sent);
  };
  const server = createServer(async (incoming, response) => {
    const { method, url: path = '' } = incoming;
    const known = method === 'GET' ? own.get(path.split('?')[0] ?? '') : undefined;
    if (known !== undefined) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(known));
    } else if (method === 'DELETE' && path.startsWith('/api/ask/')) {
      stopped.push(decodeURIComponent(path.slice('/api/ask/'.length)));
      response.writeHead(204).end();
    } else if (method === 'POST' && path === '/api/ask') {
      const { question } = JSON.parse(await text(incoming)) as { question: string };
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      const answer: ScriptedAnswer = {
        ...{ key: String(incoming.headers['idempotency-key']), question },
        send: (event, data) => void response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
        cut: () => response.destroy(),
      };
      const next = waiting.shift();
      if (next) next(answer);
      else asked.push(answer);
    } else forward(incoming, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${target.hostname}:${port}`,
    next: () => {
      const first = asked.shift();
      return first ? Promise.resolve(first) : new Promise((resolve) => waiting.push(resolve));
    },
    stopped,
    put: (path, json) => own.set(path, json),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

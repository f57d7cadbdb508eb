import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { type CaddyOptions, type Edge, startCaddy, writeRoutes } from '../edge/caddy.ts';
import type { Mount, Routes } from '../edge/routes.ts';
import { findBinaries } from '../services/binaries.ts';
import { serverUser } from '../services/process-user.ts';
import { temporaryHome } from '../services/temporary-home.ts';
import { canaryPaths } from '../supervisor/traffic/canary-links.ts';
import { slotPath, switchSlots } from '../supervisor/traffic/socket-path.ts';
import { freePort } from './free-port.ts';

/** The function that the test edge leads to, at `/api/ask`. */
export const FUNCTION = 'ask';
const SLOTS = 2;

export interface TestEdge {
  run: string;
  options: CaddyOptions;
  edge: Edge;
  ask(options?: Question): Promise<Answer>;
  /** Opens a WebSocket; what comes is echoed with the upstream's name before it. @throws when it is not upgraded */
  openSocket(path?: string): Promise<TestSocket>;
  /** An HTTP server on a socket of its own that answers with its name, or upgrades. */
  upstream(name: string): Promise<string>;
  /** Points the slots. */
  serve(...sockets: string[]): Promise<void>;
  close(): Promise<void>;
}

interface Question {
  path?: string;
  method?: string;
  body?: string;
  /** The caller's address, out of 127.0.0.0/8. */
  from?: string;
  headers?: Record<string, string>;
}

interface Answer {
  status: number | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

interface TestSocket {
  /** Resolves with the echo. */
  send(text: string): Promise<string>;
  close(): void;
}

/** The repository's Caddyfile in a real Caddy, in front of one function, and of a site where one is named. */
export async function startTestEdge({ sites = [] }: Pick<Routes, 'sites'> = {}): Promise<TestEdge> {
  const home = await temporaryHome();
  const { run, caddy: storage, logs } = home.home;
  const user = serverUser(home.home, 'edge');
  const port = await freePort();
  const options: CaddyOptions = {
    ...{ run, storage, user, port, site: `:${port}`, log: join(logs, 'caddy.log') },
    program: (await findBinaries(['caddy'])).caddy,
    config: join(import.meta.dirname, '../../Caddyfile'),
  };
  await writeRoutes(run, { mounts: [testMount(run)], sites });
  const edge = await startCaddy(options);
  const servers: Server[] = [];
  const connections = new Set<Socket>();

  const open = ({ path = '/api/ask', method = 'GET', from = '127.0.0.1', headers = {} }: Question) =>
    request({ port, host: '127.0.0.1', localAddress: from, path, method, headers, agent: false, timeout: 20_000 });

  return {
    ...{ run, options, edge },
    serve: (...sockets) => switchSlots(run, FUNCTION, sockets, SLOTS),
    async upstream(name) {
      const server = createUpstream(name);
      servers.push(server.on('connection', (connection: Socket) => connections.add(connection)));
      const socket = join(home.home.sockets, `${name}.sock`);
      await new Promise<void>((resolve) =>
        server.listen({ path: socket, readableAll: true, writableAll: true }, resolve),
      );
      return socket;
    },
    ask: (question = {}) =>
      new Promise((resolve, reject) => {
        const sent = open(question).once('error', reject);
        sent.once('timeout', () => sent.destroy(new Error('no answer within 20 s')));
        sent.once('response', async (response) => {
          const body = (await Array.fromAsync(response)).join('');
          resolve({ status: response.statusCode, headers: response.headers, body });
        });
        sent.end(question.body);
      }),
    openSocket: (path) =>
      new Promise((resolve, reject) => {
        const sent = open({ ...(path !== undefined && { path }), headers: handshake }).once('error', reject);
        sent.once('response', ({ statusCode }) => reject(new Error(`Open WebSocket: answered ${statusCode}`)));
        sent.once('upgrade', (_, socket) => resolve(echoing(socket)));
        sent.end();
      }),
    async close() {
      await edge.stop();
      for (const server of servers) server.close();
      // Upgraded ones are no longer the servers' to close.
      for (const connection of connections) connection.destroy();
      await home.remove();
    },
  };
}

export const testMount = (run: string): Mount => ({
  name: FUNCTION,
  paths: ['/api/ask'],
  sockets: Array.from({ length: SLOTS }, (_, slot) => slotPath(run, FUNCTION, slot)),
  canary: canaryPaths(run, FUNCTION),
  timeout: 30,
});

const handshake = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': Buffer.alloc(16).toString('base64'),
  'accept-encoding': 'gzip',
};

/**
 * Answers what it is asked as JSON, and every connection once only, so that a switch shows at once. After an upgrade it
 * echoes bytes: the edge passes frames on without looking.
 */
function createUpstream(name: string): Server {
  const server = createServer((incoming, response) => {
    const { url, headers } = incoming;
    // A server that closes must have read the body, or the edge fails while it writes it.
    incoming.resume().once('end', () => {
      response.setHeader('connection', 'close').setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ name, url, headers }));
    });
  });
  server.on('upgrade', (incoming, socket: Socket) => {
    const key = `${incoming.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    socket.on('data', (data) => socket.write(`${name}: ${data}`)).on('error', () => socket.destroy());
  });
  return server;
}

function echoing(socket: Duplex): TestSocket {
  return {
    send: (text) =>
      new Promise((resolve, reject) => {
        socket.once('data', (data) => resolve(data.toString()));
        socket.once('close', () => reject(new Error('Send over WebSocket: it was closed')));
        socket.write(text);
      }),
    close: () => socket.destroy(),
  };
}

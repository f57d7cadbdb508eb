import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';

/** A server on loopback, and what it was asked: `GET /path`. */
export interface Loopback {
  url: string;
  asked: string[];
  /** Cuts all connections as a network does that goes away. */
  cut(): void;
  close(): Promise<void>;
}

export async function serveOnLoopback(fetch: (request: Request) => Response | Promise<Response>): Promise<Loopback> {
  const asked: string[] = [];
  const listener = getRequestListener((request) => {
    asked.push(`${request.method} ${new URL(request.url).pathname}`);
    return fetch(request);
  });
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    cut: () => server.closeAllConnections(),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

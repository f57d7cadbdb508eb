import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { ListenOptions } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';

type App = Pick<Hono, 'fetch'>;

/** Serves an app on a unix socket that stands at the path alone. */
export async function serveSocket(app: App, path: string): Promise<Server> {
  await rm(path, { force: true });
  return serve(app, { path });
}

/** Serves an app to this machine alone. */
export const serveLoopback = (app: App, port: number): Promise<Server> => serve(app, { host: '127.0.0.1', port });

async function serve(app: App, place: ListenOptions): Promise<Server> {
  const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(place, resolve);
  });
  return server;
}

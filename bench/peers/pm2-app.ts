import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';

/**
 * What PM2 reloads: the two routes of the function that Pandect redeploys and nothing else. It does what PM2's documentation
 * asks of an application that shall lose no request: it says when it is ready, and ends when it has finished what it has.
 */
declare const VERSION: string;

const self = { version: VERSION, pid: process.pid };
const app = new Hono();
app.get('/pm2', (c) => c.json(self));
app.post('/pm2', async (c) => c.json({ ...self, bytes: (await c.req.arrayBuffer()).byteLength }));

// One for the edge, one for clients that come without it.
const servers = [process.env.BENCH_SOCKET, Number(process.env.BENCH_PORT)].map((place) =>
  createServer({ keepAliveTimeout: 75_000 }, getRequestListener(app.fetch)).listen(place),
);
await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))));
process.send?.('ready');
process.on('SIGINT', () => {
  void Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve)))).then(() =>
    process.exit(0),
  );
});

import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';

/** What every figure is compared with: the smallest Hono process with one JSON route, and the path that is polled. */
const app = new Hono();
app.get('/api/bare', (c) => c.json({ status: 'healthy' }));
app.get('/_pandect/ready', (c) => c.text('ready'));

// The edge connects to it as another user.
if (process.env.PANDECT_UMASK) process.umask(process.env.PANDECT_UMASK);
createServer({ keepAliveTimeout: 75_000 }, getRequestListener(app.fetch)).listen(process.env.PANDECT_SOCKET);
// Node writes its compile cache only when a process ends by itself.
process.on('SIGTERM', () => process.exit(0));

import { setTimeout as sleep } from 'node:timers/promises';
import { streamSSE } from 'hono/streaming';
import { createRouter } from '../../platform/runtime/http/router.ts';
import { webSocket } from '../../platform/runtime/http/web-socket.ts';

/**
 * A small function that tells which release and which process answered. Tests copy it into a checkout as
 * `functions/<name>/app.ts`, where its imports lead to the same files; see echo-function.ts.
 */
export const provide = {};

const version = 'version 0';
const statusOfGet = 200;

export function createApp() {
  const router = createRouter();
  const self = { version, pid: process.pid, port: process.env.PANDECT_PORT };

  router.get('/echo/:name', async (c) => {
    // Broken off where its client leaves, like work of ours: the figures then count a 499.
    await sleep(Number(c.req.query('wait') ?? 0), undefined, { signal: c.req.raw.signal });
    return c.json(self, statusOfGet);
  });
  router.post('/echo/:name', async (c) => c.json({ ...self, bytes: (await c.req.arrayBuffer()).byteLength }));
  router.get('/echo/:name/events', (c) =>
    streamSSE(c, async (stream) => {
      const count = Number(c.req.query('count') ?? 3);
      for (let index = 0; index < count && !stream.aborted; index++) {
        await stream.writeSSE({ event: 'count', data: JSON.stringify({ ...self, index }) });
        await sleep(Number(c.req.query('every') ?? 5));
      }
    }),
  );
  router.get(
    '/echo/:name/socket',
    webSocket(() => ({ onMessage: ({ data }, ws) => ws.send(JSON.stringify({ ...self, data: String(data) })) })),
  );
  return router;
}

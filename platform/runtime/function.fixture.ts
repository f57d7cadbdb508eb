import { streamSSE } from 'hono/streaming';
import { defineFunction } from '../kernel/manifest.ts';
import { createRouter } from './http/router.ts';
import { webSocket } from './http/web-socket.ts';
import { runFunction } from './run-function.ts';

/** A function of the test, with answers that never end and errors that nothing catches. */
const manifest = defineFunction({ mount: ['/api/probe'], rateLimit: 'none', drain: 1 });
const secret = () => Object.assign(new Error('secret words'), { query: 'select $1', params: ['secret words'] });
await runFunction('probe', manifest, {
  provide: {
    start() {
      if (process.env.PROBE === 'start') throw new Error('Read keys: none');
    },
  },
  createApp() {
    const router = createRouter();
    router.get('/api/probe/hello', (c) => c.text('hello'));
    router.get(
      '/api/probe/echo',
      webSocket(() => ({ onMessage: ({ data }, ws) => ws.send(String(data)) })),
    );
    router.get('/api/probe/events', (c) =>
      streamSSE(c, async (stream) => {
        for (;;) {
          await stream.writeSSE({ data: 'tick' });
          await stream.sleep(50);
        }
      }),
    );
    router.get('/api/probe/reject', (c) => {
      void Promise.reject(secret());
      return c.text('');
    });
    router.get('/api/probe/throw', (c) => {
      setImmediate(() => {
        throw secret();
      });
      return c.text('');
    });
    return router;
  },
});

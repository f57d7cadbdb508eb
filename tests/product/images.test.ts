import { once } from 'node:events';
import { expect, it } from 'vitest';
import { change, rowsOf } from '../support/control.ts';
import { createAccount } from '../support/http/client.ts';
import { sharedPlatform } from '../support/shared-platform.ts';

const platform = await sharedPlatform();

interface Heard {
  type: string;
  image?: { id: string; status: string };
}

it('a WebSocket of a browser follows generations across a replacement of the function', async () => {
  const account = await createAccount(platform);
  const make = async () =>
    (await account.get<{ id: string }>('POST /api/images', { json: { prompt: 'A lighthouse', width: 64, height: 64 } }))
      .id;
  // Node's own, which is that of browsers: it sets no header but the protocol.
  const socket = new WebSocket(`${platform.url.replace(/^http/, 'ws')}/api/images/socket`, 'pandect.v1');
  const heard: Heard[] = [];
  socket.addEventListener('message', ({ data }) => heard.push(JSON.parse(String(data))));
  await once(socket, 'open');
  const say = (message: object) => socket.send(JSON.stringify(message));
  say({ type: 'authorize', token: account.session.accessToken });
  const untilDone = (id: string) =>
    expect.poll(() => heard.findLast(({ image }) => image?.id === id)?.image?.status, { timeout: 60_000 }).toBe('done');

  const before = await make();
  say({ type: 'follow', id: before });
  await untilDone(before);
  const pids = (await rowsOf(platform, 'images')).map(({ pid }) => pid);
  expect((await change(platform, 'restart', { units: ['images'], watch: 0 })).ok).toBe(true);
  const after = await make();
  say({ type: 'follow', id: after });
  await untilDone(after);
  expect([socket.readyState, socket.protocol]).toEqual([WebSocket.OPEN, 'pandect.v1']);
  const ready = (await rowsOf(platform, 'images')).filter(({ state }) => state === 'ready').map(({ pid }) => pid);
  expect(ready.some((pid) => pids.includes(pid))).toBe(false);
  socket.close();
  await once(socket, 'close');
});

import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Sends bytes as they are and returns what comes back until the server closes or falls silent; for what `fetch` would
 * never send.
 */
export async function rawRequest(url: string, bytes: string | Buffer, silenceMs = 5_000): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.setTimeout(silenceMs, () => socket.destroy());
  let answer = '';
  socket.setEncoding('latin1').on('data', (part: string) => {
    answer += part;
  });
  socket.on('error', () => {}); // a server may cut what it refuses
  await once(socket, 'connect');
  socket.write(bytes);
  await once(socket, 'close');
  return answer;
}

/** Sends the beginning of a request, waits a little, and is gone. */
export async function leaveEarly(url: string, bytes: string, afterMs = 100): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(bytes);
  await sleep(afterMs);
  socket.destroy();
}

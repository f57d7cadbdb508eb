import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { startDisposable, withoutNetwork } from './disposable-process.ts';

const entry = fileURLToPath(new URL('./fixtures/try-network.ts', import.meta.url));

describe('a disposable process', () => {
  it.skipIf(withoutNetwork() === undefined)('reaches no server, not even of its own machine', async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const child = startDisposable(entry, { memoryMb: 256, order: String(port) });
    const [outcome] = await once(child, 'message');
    expect(outcome).not.toBe('connected');
    expect(connections).toBe(0);
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    server.close();
  });

  it('is ended by its own id, whatever it was started through', async () => {
    const child = startDisposable(fileURLToPath(new URL('./fixtures/misbehaving-process.ts', import.meta.url)), {
      memoryMb: 256,
      order: JSON.stringify({ path: 'never-ends', timeoutMs: 60_000 }),
    });
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
  });
});

import { createServer } from 'node:net';

/** @throws when something listens at one of the ports */
export async function assertPortsFree(ports: readonly number[]): Promise<void> {
  for (const port of ports) await assertFree(port);
}

function assertFree(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', ({ code }: NodeJS.ErrnoException) => {
      // A port that this process may not bind can still be one that Caddy may.
      if (code !== 'EADDRINUSE') return resolve();
      reject(new Error(`Start platform on port "${port}": the port is in use; choose another with PANDECT_PORT`));
    });
    server.listen(port, () => server.close(() => resolve()));
  });
}

import { createServer } from 'node:net';

/** @throws when something listens at the port */
export function assertFree(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', () =>
      reject(new Error(`Start platform on port "${port}": the port is in use; choose another with PANDECT_PORT`)),
    );
    server.listen(port, () => server.close(() => resolve()));
  });
}

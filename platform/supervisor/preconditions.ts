import { connect, createServer } from 'node:net';
import type { Home } from '../services/home.ts';
import { controlSocket } from './socket-path.ts';

/** @throws when a platform answers in this home */
export function assertAlone(home: Home): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(controlSocket(home.run));
    socket.once('error', () => resolve()); // nobody, or a socket that a killed one left
    socket.once('connect', () => {
      socket.destroy();
      reject(new Error(`Start platform in "${home.root}": one is running there; see pandect ps`));
    });
  });
}

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

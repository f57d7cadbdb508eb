import { request } from 'node:http';

/**
 * Whether a process still turns its event loop: false when it gives no answer in time, or does not even take
 * connections any more. Whatever it answers counts, and so does a closed socket, as of one that is at its end.
 */
export function isResponsive(socketPath: string, answerMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, path: '/_pandect/state', agent: false, timeout: answerMs }, (response) => {
      response.resume();
      response.on('error', () => {}); // it has answered
      resolve(true);
    });
    asked.on('timeout', () => {
      resolve(false);
      asked.destroy();
    });
    // The kernel says so when the queue of connections is full.
    asked.on('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EAGAIN'));
    asked.end();
  });
}

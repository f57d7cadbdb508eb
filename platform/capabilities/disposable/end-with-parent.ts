import { Worker } from 'node:worker_threads';

/**
 * Ends this process when its parent is gone or its time, if it has any, is over. In a thread of its own, as a parser that spins in
 * one call never comes back to a timer: without it, a parent killed amid a hostile file would leave a process that
 * burns a core for ever.
 */
export function endWithParent(timeoutMs = Number.POSITIVE_INFINITY): void {
  const watch = `
    const end = performance.now() + ${timeoutMs};
    setInterval(() => {
      if (process.ppid !== ${process.ppid} || performance.now() > end) process.kill(process.pid, 'SIGKILL');
    }, 500);`;
  new Worker(watch, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 8 } }).unref();
}

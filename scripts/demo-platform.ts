import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(import.meta.dirname, '..');
const cli = join(root, 'pandect.ts');

export interface RunningPlatform {
  url: string;
  /** Resolves when the platform has stopped. */
  ended: Promise<number>;
  stop(): void;
}

/** Starts a platform as a child process with further settings, and prints what it says. @throws when it ends before it is up */
export function startPlatform(settings: Record<string, string>): Promise<RunningPlatform> {
  const env = { ...process.env, ...settings };
  const child = spawn(process.execPath, [cli, 'up'], { stdio: ['ignore', 'pipe', 'inherit'], env });
  const ended = new Promise<number>((resolve) => {
    child.once('exit', (code) => resolve(code ?? 1));
  });
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      console.log(line);
      const url = /^Pandect is up at (\S+)/.exec(line)?.[1];
      if (url) resolve({ url, ended, stop: () => void child.kill('SIGINT') });
    });
    void ended.then(() => reject(new Error('Start platform: it ended before it was up')));
  });
}

/** Runs one `pandect` command. @throws with what it printed when it fails */
export function pandect(...args: string[]): Promise<string> {
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      output += part;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('close', (code) => (code === 0 ? resolve(output) : reject(new Error(output.trim()))));
  });
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../platform/testing/free-port.ts';
import { until } from '../../tests/support/until.ts';

/** A gateway in a process of its own. */
export interface PeerGateway {
  name: string;
  origin: string;
  headers: Record<string, string>;
  model: string;
  pid: number;
  stop(): Promise<void>;
}

/** Portkey's gateway as its npm package has it, in front of the mock. It keeps no books. */
export async function startPortkey(mock: { origin: string }, apiKey: string): Promise<PeerGateway> {
  const entry = fileURLToPath(import.meta.resolve('@portkey-ai/gateway/build/start-server.js'));
  const port = await freePort();
  const child = spawn(process.execPath, [entry, '--headless', `--port=${port}`], { stdio: 'ignore' });
  const origin = `http://127.0.0.1:${port}`;
  await untilAnswers('Portkey', origin, child);
  return {
    name: 'Portkey',
    origin,
    headers: {
      authorization: `Bearer ${apiKey}`,
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `${mock.origin}/v1`,
    },
    model: 'mock',
    pid: child.pid as number,
    stop: () => end(child),
  };
}

type Child = ReturnType<typeof spawn>;

/** @throws when it ends, or does not answer within two minutes, after which it is ended */
export async function untilAnswers(name: string, origin: string, child: Child): Promise<void> {
  try {
    await until(
      `${name} at "${origin}"`,
      async () => {
        if (child.exitCode !== null) throw new Error(`Start ${name}: ended with status ${child.exitCode}`);
        return (await fetch(origin).catch(() => undefined)) ? true : undefined;
      },
      120,
    );
  } catch (error) {
    await end(child);
    throw error;
  }
}

export async function end(child: Child): Promise<void> {
  const ended = once(child, 'exit');
  if (child.exitCode === null && child.kill('SIGKILL')) await ended;
}

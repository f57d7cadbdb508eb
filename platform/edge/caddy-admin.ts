import { execFile } from 'node:child_process';
import { request } from 'node:http';
import { promisify } from 'node:util';

interface Load {
  config: string;
  /** Where the running Caddy takes orders. */
  socket: string;
  /** What the configuration takes its values from. */
  env: Record<string, string>;
}

/**
 * Gives a running Caddy its configuration. One that is the same as that which it has changes and cuts nothing: Caddy
 * compares them itself.
 * @throws with what Caddy says when it refuses the configuration or does not answer
 */
export async function loadConfig(program: string, { config, socket, env }: Load): Promise<void> {
  const args = ['reload', '--config', config, '--adapter', 'caddyfile', '--address', `unix/${socket}`];
  try {
    await promisify(execFile)(program, args, { env: { ...env, PATH: process.env.PATH }, timeout: 20_000 });
  } catch (cause) {
    const said = (cause as { stderr?: string }).stderr?.trim().split('\n').at(-1);
    throw new Error(`Load configuration "${config}" into Caddy: ${said || 'it does not answer'}`, { cause });
  }
}

/** Whether a Caddy takes orders at the socket. */
export const adminAnswers = (socket: string): Promise<boolean> =>
  new Promise((resolve) => {
    const sent = request({ socketPath: socket, path: '/config/admin', headers: { host: '' }, timeout: 2000 });
    sent.once('response', (response) => {
      response.resume();
      resolve(true);
    });
    sent.once('timeout', () => sent.destroy());
    sent.once('close', () => resolve(false));
    sent.once('error', () => resolve(false));
    sent.end();
  });

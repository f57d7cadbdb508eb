import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** @throws with what systemd said, or when it takes longer than a stop of the service may */
export async function systemctl(...args: string[]): Promise<void> {
  try {
    await promisify(execFile)('systemctl', args, { timeout: 90_000 });
  } catch (cause) {
    const { stderr, message } = cause as Error & { stderr?: string };
    throw new Error(`Run "systemctl ${args.join(' ')}": ${stderr?.trim() || message}`, { cause });
  }
}

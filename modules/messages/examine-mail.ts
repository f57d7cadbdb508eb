import { once } from 'node:events';
import { connect } from 'node:net';
import type { Source, Verdict } from '../../platform/kernel/composition.ts';
import { readEnvironment } from '../../platform/kernel/environment.ts';
import { SMTP_HOST, SMTP_PORT } from '../../platform/kernel/variables.ts';

const SECONDS = 5;

/** Whether a server takes e-mails at the address that the settings name. Nothing is said there, and no login tried. */
export async function examineMail(source: Source): Promise<Verdict> {
  const { SMTP_HOST: host, SMTP_PORT: port } = readEnvironment([SMTP_HOST, SMTP_PORT], source);
  if (!host) {
    return {
      state: 'warn',
      detail: 'SMTP_HOST is not set: no e-mails are sent',
      hint: 'set SMTP_HOST and what belongs to it; see docs/notifications.md',
    };
  }
  const place = `${host}:${port}`;
  const socket = connect(port, host);
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(SECONDS * 1_000) });
    return { state: 'ok', detail: `${place} takes connections` };
  } catch (error) {
    const { code = 'no answer' } = error as NodeJS.ErrnoException;
    return {
      state: 'fail',
      detail: `${place} takes no connections: ${code}`,
      hint: 'e-mails wait and are given up after half an hour',
    };
  } finally {
    socket.destroy();
  }
}

import { once } from 'node:events';
import { connect } from 'node:net';
import type { Facts } from './facts.ts';
import { fail, ok, type Verdict, warn } from './finding.ts';

const SECONDS = 5;

/** Whether somebody takes e-mails at the address that the settings name. Nothing is said there, and no login tried. */
export async function checkMail({ settings: { SMTP_HOST, SMTP_PORT } }: Pick<Facts, 'settings'>): Promise<Verdict> {
  if (!SMTP_HOST) {
    return warn(
      'SMTP_HOST is not set: no e-mails are sent',
      'set SMTP_HOST and what belongs to it; see docs/notifications.md',
    );
  }
  const place = `${SMTP_HOST}:${SMTP_PORT}`;
  const socket = connect(SMTP_PORT, SMTP_HOST);
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(SECONDS * 1_000) });
    return ok(`${place} takes connections`);
  } catch (error) {
    const { code = 'no answer' } = error as NodeJS.ErrnoException;
    return fail(`${place} takes no connections: ${code}`, 'e-mails wait and are given up after half an hour');
  } finally {
    socket.destroy();
  }
}

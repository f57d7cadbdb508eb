import { request } from 'node:http';
import { join } from 'node:path';
import type { ChangeEvent, Outcome, ProcessRow } from '../../platform/supervisor/control/contract.ts';
import { controlSocket } from '../../platform/supervisor/traffic/socket-path.ts';
import type { PlatformAccess } from './platform.ts';

export interface Change extends Outcome {
  events: ChangeEvent[];
}

/** Asks for a change without the command line, whose own start takes longer than most changes. */
export async function change(
  platform: Pick<PlatformAccess, 'home'>,
  what: 'deploy' | 'rollback' | 'restart',
  body: object,
): Promise<Change> {
  const lines = (await ask(platform, 'POST', `/${what}`, body)).trim().split('\n');
  const events = lines.map((line) => JSON.parse(line));
  return { ok: (events.pop() as Outcome).ok, events };
}

/** What `pandect ps` shows of one unit. */
export const rowsOf = async (platform: Pick<PlatformAccess, 'home'>, name: string): Promise<ProcessRow[]> =>
  (JSON.parse(await ask(platform, 'GET', '/ps')) as ProcessRow[]).filter((row) => row.name === name);

export const stepsOf = ({ events }: Pick<Change, 'events'>): string[] => events.map(({ step }) => step);

export function ask(
  { home }: Pick<PlatformAccess, 'home'>,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<string> {
  const socketPath = controlSocket(join(home, 'run'));
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, method, path, agent: false, timeout: 60_000 }, (response) => {
      let answer = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        answer += part;
      });
      response.on('error', reject);
      response.on('end', () =>
        response.statusCode === 200 ? resolve(answer) : reject(new Error(`${response.statusCode} ${answer}`)),
      );
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer')));
    sent.on('error', reject);
    sent.end(body && JSON.stringify(body));
  });
}

import type { Context } from 'hono';
import { stream } from 'hono/streaming';
import type { Platform } from '../platform.ts';
import { isOutdated } from '../units/operations/renew.ts';
import type { Report } from './contract.ts';

/** Answers with a JSON line for each event of the work; the last line says whether it succeeded. */
export const events = (c: Context, work: (report: Report) => Promise<boolean>): Response =>
  stream(c, async (output) => {
    const report: Report = (event) => void output.writeln(JSON.stringify(event));
    const ok = await work(report).catch((error: Error) => {
      report({ unit: '', step: 'failed', message: error.message });
      return false;
    });
    await output.writeln(JSON.stringify({ ok }));
  });

/** The same for work that starts processes: it reads the settings first, and says whom a changed one has not reached. */
export const eventsWithSettings = (
  c: Context,
  { units, settings }: Pick<Platform, 'units' | 'settings'>,
  work: (report: Report) => Promise<boolean>,
): Response =>
  events(c, async (report) => {
    const pending = await settings.reread();
    const ok = await work(report);
    const outdated = units.all.flatMap(({ name, state }) => (isOutdated(state) ? [name] : []));
    if (outdated.length > 0) {
      const names = outdated.join(' ');
      const message = `Settings have changed; still running with those from before: ${names}; pandect restart ${names}`;
      report({ unit: '', step: 'settings', message });
    }
    if (pending.length > 0) {
      const message = `Settings have changed that only a start of the platform applies: ${pending.join(', ')}; systemctl restart pandect, or stop it and pandect up`;
      report({ unit: '', step: 'settings', message });
    }
    return ok;
  });

/** Has what becomes of releases counted, next to reporting it. */
export const notedBy =
  ({ noteRelease }: Pick<Platform, 'noteRelease'>) =>
  (report: Report): Report =>
  (event) => {
    noteRelease(event);
    report(event);
  };

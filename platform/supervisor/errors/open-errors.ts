import { hostname } from 'node:os';
import { readEnvironment } from '../../kernel/environment.ts';
import type { Log } from '../../kernel/log.ts';
import { ENVIRONMENT } from '../../kernel/variables.ts';
import { version } from '../../kernel/version.ts';
import type { Home } from '../../services/home.ts';
import type { LiveSettings } from '../settings.ts';
import type { Units } from '../units/units.ts';
import { sendErrors } from './sentry/send-errors.ts';
import { type ErrorLog, errorsPath, startErrors } from './start-errors.ts';

interface ErrorParts {
  /** The checkout. */
  root: string;
  home: Home;
  units: Units;
  live: LiveSettings;
  log: Log;
}

/** The errors of a platform: grouped in its home, and sent to `SENTRY_DSN` if that is set. */
export async function openErrors({ root, home, units, live, log }: ErrorParts): Promise<ErrorLog> {
  const sender = sendErrors({
    dsn: () => live.source.SENTRY_DSN || undefined,
    sender: {
      ...{ version, server: hostname() },
      environment: () => readEnvironment([ENVIRONMENT], live.source).ENVIRONMENT,
    },
    log,
  });
  const errors = await startErrors({
    path: errorsPath(home.root),
    root,
    folders: home,
    names: () => [...units.all.map(({ name }) => name), 'supervisor'],
    releaseOf: (name) => units.all.find((unit) => unit.name === name)?.state.current?.release.id,
    onError: sender.take,
    log,
  });
  return {
    ...errors,
    async stop() {
      await errors.stop();
      await sender.stop();
    },
  };
}

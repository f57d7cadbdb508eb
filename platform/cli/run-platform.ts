import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { ConfigurationError, readEnvironment } from '../kernel/environment.ts';
import { createLog, logLevel } from '../kernel/log.ts';
import { giveTo } from '../services/service-user.ts';
import { createControl, serveSocket } from '../supervisor/control.ts';
import { type Platform, startPlatform } from '../supervisor/platform.ts';
import { metricsSocket } from '../supervisor/traffic/socket-path.ts';
import { checkout } from './checkout.ts';
import { fail } from './output.ts';

/** Runs a platform in the foreground; returns when it is up. */
export async function runPlatform(): Promise<void> {
  const settings = readEnvironment([
    'PANDECT_HOME',
    'PANDECT_PORT',
    'PANDECT_DOMAIN',
    'PANDECT_EDGE',
    'DATABASE_URL',
    'REDIS_URL',
    'ENVIRONMENT',
    'ALLOWED_HOSTS',
    'LOG_LEVEL',
    'DEBUG',
  ]);
  if (settings.ENVIRONMENT === 'production' && settings.ALLOWED_HOSTS.includes('*')) {
    throw new ConfigurationError(['ALLOWED_HOSTS: "*": in production it must name the hosts']);
  }
  const started = performance.now();
  const interrupted = new AbortController();
  const stopping = onSignals(interrupted);
  const platform = await startPlatform({
    root: checkout,
    settings,
    source: process.env,
    log: createLog({ level: logLevel(settings), fields: { process: 'supervisor' } }),
    progress: (line) => console.log(line),
    signal: interrupted.signal,
  });
  const close = await serve(platform);
  stopping(platform, close);
  console.log(`Pandect is up at ${platform.url} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
}

/**
 * The first signal lets requests and jobs end, the second does not. One that comes during the start ends the start.
 * Returns how to say that the platform is up.
 */
function onSignals(interrupted: AbortController): (platform: Platform, close: () => void) => void {
  let running: { platform: Platform; close: () => void } | undefined;
  const finish = () => {
    running?.close();
    running?.platform.stop().then(() => process.exit(0), fail);
  };
  const stop = () => {
    if (interrupted.signal.aborted) {
      running?.platform.kill();
      return;
    }
    console.log('Stopping; once more to stop at once');
    interrupted.abort(new Error('Start platform: interrupted'));
    finish();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return (platform, close) => {
    running = { platform, close };
    if (interrupted.signal.aborted) finish();
  };
}

/** Answers the command line, and the edge that asks for figures. */
async function serve(platform: Platform): Promise<() => void> {
  const { home, claim, fleet } = platform;
  claim.serve(getRequestListener(createControl(platform).fetch, { overrideGlobalObjects: false }));
  const path = metricsSocket(home.run);
  const figures = new Hono().get('/metrics', async (c) => c.text(await fleet.metrics()));
  const metrics = await serveSocket(figures, path);
  await giveTo(home.user, path);
  return () => void metrics.close();
}

import { chmod } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Hono } from 'hono';
import { readEnvironment } from '../kernel/environment.ts';
import { createLog, logLevel } from '../kernel/log.ts';
import { giveTo } from '../services/service-user.ts';
import { createControl, serveSocket } from '../supervisor/control.ts';
import { type Platform, startPlatform } from '../supervisor/platform.ts';
import { controlSocket, metricsSocket } from '../supervisor/socket-path.ts';
import { fail } from './output.ts';

/** The checkout this command belongs to. */
const root = resolve(import.meta.dirname, '../..');

/** Runs a platform in the foreground; returns when it is up. */
export async function runPlatform(): Promise<void> {
  const settings = readEnvironment([
    'PANDECT_HOME',
    'PANDECT_PORT',
    'PANDECT_DOMAIN',
    'PANDECT_EDGE',
    'DATABASE_URL',
    'REDIS_URL',
    'LOG_LEVEL',
    'DEBUG',
  ]);
  const started = performance.now();
  const platform = await startPlatform({
    root,
    settings,
    source: process.env,
    log: createLog({ level: logLevel(settings), fields: { process: 'supervisor' } }),
    progress: (line) => console.log(line),
  });
  const close = await serve(platform);
  onSignals(platform, close);
  console.log(`Pandect is up at ${platform.url} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
}

async function serve({ home, ...platform }: Platform): Promise<() => void> {
  const control = await serveSocket(createControl({ home, ...platform }), controlSocket(home.run));
  await chmod(controlSocket(home.run), 0o600);
  const figures = new Hono().get('/metrics', async (c) => c.text(await platform.fleet.metrics()));
  const metrics = await serveSocket(figures, metricsSocket(home.run));
  await giveTo(home.user, metricsSocket(home.run));
  return () => {
    control.close();
    metrics.close();
  };
}

/** The first signal lets requests and jobs end, the second does not. */
function onSignals(platform: Platform, close: () => void): void {
  let stopping = false;
  const stop = () => {
    if (stopping) {
      platform.kill();
      return;
    }
    stopping = true;
    console.log('Stopping; once more to stop at once');
    close();
    platform.stop().then(() => process.exit(0), fail);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

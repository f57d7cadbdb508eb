import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { assertPortsFree } from '../edge/ports.ts';
import type { Composition } from '../kernel/composition.ts';
import { logLevel } from '../kernel/log.ts';
import { secretsInEnvironment } from '../kernel/secret-files.ts';
import { keepCompiledCode } from '../runtime/compiled-code.ts';
import { giveTo } from '../services/service-user.ts';
import { checkSettings } from '../supervisor/check-settings.ts';
import { serveConsole } from '../supervisor/console/serve-console.ts';
import { createControl } from '../supervisor/control/control.ts';
import { serveLoopback, serveSocket } from '../supervisor/control/serve-socket.ts';
import { shareOfHost } from '../supervisor/database-connections.ts';
import { createOwnLog } from '../supervisor/logs/own-log.ts';
import { outliveLostConnections } from '../supervisor/lost-connections.ts';
import { createFigures } from '../supervisor/metrics/serve-figures.ts';
import { type Platform, startPlatform } from '../supervisor/platform.ts';
import { openServiceManager } from '../supervisor/service-manager.ts';
import { openSettings, settingsFiles } from '../supervisor/settings.ts';
import { metricsSocket } from '../supervisor/traffic/socket-path.ts';
import { checkout } from './checkout.ts';
import { ENDED_ON_REQUEST } from './install/systemd-unit.ts';
import { fail } from './output.ts';

export interface RunOptions {
  composition: Composition;
  /** For a service: what ran last is started again as it was, and SIGTERM ends only the supervisor. */
  keep: boolean;
}

/** Runs a platform in the foreground; returns when it is up. */
export async function runPlatform({ composition, keep }: RunOptions): Promise<void> {
  const openManager = openServiceManager(process.env);
  const live = await openSettings(process.env, settingsFiles(), composition);
  const settings = checkSettings(composition, live.source);
  const { log, note } = createOwnLog(join(settings.PANDECT_HOME, 'logs', 'supervisor.log'), {
    level: logLevel(settings),
    isReadable: !settings.LOG_JSON_FORMAT,
    fields: { process: 'supervisor' },
  });
  const progress = (line: string) => {
    console.log(line);
    note(line);
  };
  // In a container; elsewhere an environment is its owner's alone.
  const shown = settings.LOG_STDOUT ? secretsInEnvironment(composition.variables, process.env) : [];
  if (shown.length > 0) {
    const names = shown.join(', ');
    progress(`Secrets in the environment, which a container engine shows: ${names}; NAME_FILE names a file instead`);
  }
  outliveLostConnections(log);
  if (settings.METRICS_PORT !== undefined) await assertPortsFree([settings.METRICS_PORT], 'METRICS_PORT');
  const started = performance.now();
  const interrupted = new AbortController();
  const signals = onSignals(interrupted, keep);
  const platform = await startPlatform({
    root: checkout,
    composition,
    settings: shareOfHost(settings),
    live,
    log,
    progress,
    signal: interrupted.signal,
    restore: keep,
  });
  const figures = createFigures({
    metrics: platform.metrics,
    token: settings.METRICS_TOKEN,
    openToMachine: settings.ENVIRONMENT !== 'production' && settings.TRUSTED_PROXIES.length === 0,
  });
  const close = await serve(platform, { keep, stop: signals.stop }, { figures, port: settings.METRICS_PORT });
  signals.ready(platform, close);
  keepCompiledCode();
  await openManager(log).ready(`Serving at ${platform.url}`);
  progress(`Pandect is up at ${platform.url} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
}

interface Signals {
  /** The platform is up. */
  ready(platform: Platform, close: () => void): void;
  /** Ends everything, as Ctrl-C does; the exit status then tells a service manager that this was wanted. */
  stop(): void;
}

/**
 * The first signal lets requests and jobs end, the second does not. One that comes during the start ends the start. With
 * `keep`, SIGTERM ends nothing but this process.
 */
function onSignals(interrupted: AbortController, keep: boolean): Signals {
  let running: { platform: Platform; close: () => void } | undefined;
  let detach = false;
  let status = 0;
  const finish = () => {
    running?.close();
    const ended = detach ? running?.platform.detach() : running?.platform.stop();
    ended?.then(() => process.exit(status), fail);
  };
  const stop = (leave: boolean) => {
    if (interrupted.signal.aborted) {
      if (!detach) running?.platform.kill();
      return;
    }
    detach = leave;
    console.log(leave ? 'Stopping; functions and workers go on' : 'Stopping; once more to stop at once');
    interrupted.abort(new Error('Start platform: interrupted'));
    finish();
  };
  process.on('SIGINT', () => stop(false));
  process.on('SIGTERM', () => stop(keep));
  return {
    stop() {
      if (keep) status = ENDED_ON_REQUEST;
      stop(false);
    },
    ready(platform, close) {
      running = { platform, close };
      if (interrupted.signal.aborted) finish();
    },
  };
}

/** Answers the command line, and what asks for figures. */
async function serve(
  platform: Platform,
  options: Parameters<typeof createControl>[1],
  { figures, port }: { figures: ReturnType<typeof createFigures>; port: number | undefined },
): Promise<() => void> {
  const { home, lock, edgeUser } = platform;
  lock.serve(getRequestListener(createControl(platform, options).fetch, { overrideGlobalObjects: false }));
  const path = metricsSocket(home.run);
  const servers = [await serveSocket(figures, path)];
  await giveTo(edgeUser, path);
  if (port !== undefined) servers.push(await serveLoopback(figures, port));
  const closeConsole = await serveConsole(platform);
  return () => {
    closeConsole();
    for (const server of servers) server.close();
  };
}

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json, text } from 'node:stream/consumers';
import { parse, stringify } from 'yaml';
import { prometheusFiles } from '../../../platform/export/monitoring-files.ts';
import { freePort } from '../../../platform/testing/free-port.ts';

/** As Debian names them. */
const PROGRAMS = ['prometheus', 'prometheus-alertmanager'] as const;

/** Which of Prometheus and Alertmanager this machine lacks. */
export const missingPrograms = (): string[] =>
  PROGRAMS.filter((program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status !== 0);

/** What Alertmanager sends to a webhook. */
export interface Notice {
  receiver: string;
  alerts: { status: string; labels: Record<string, string>; annotations: Record<string, string> }[];
}

export interface Monitoring {
  /** What Prometheus answers, without its envelope. @throws with its error */
  ask<T>(path: string): Promise<T>;
  /** What the receivers of Alertmanager were sent. */
  notices: Notice[];
  stop(): Promise<void>;
}

interface PrometheusConfig {
  global: Record<string, string>;
  rule_files: string[];
  alerting: { alertmanagers: { static_configs: { targets: string[] }[] }[] };
  scrape_configs: { authorization: { credentials_file: string }; static_configs: { targets: string[] }[] }[];
}

interface AlertmanagerConfig {
  route: { group_wait: string };
  receivers: { name: string; webhook_configs?: { url: string }[] }[];
}

/**
 * Starts Prometheus and Alertmanager with what `pandect export prometheus` writes, but for addresses, files and pace, and a channel for
 * each receiver, which are what an operator changes.
 * @param target host and port of a platform's edge
 */
export async function startMonitoring(target: string): Promise<Monitoring> {
  const folder = await mkdtemp(join(tmpdir(), 'pandect-test-monitoring-'));
  const notices: Notice[] = [];
  const hook = createServer(async (request, response) => {
    notices.push((await json(request)) as Notice);
    response.end();
  }).listen(0, '127.0.0.1');
  await once(hook, 'listening');
  const [prometheus, alertmanager] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
  const at = (name: string) => join(folder, name);
  const files = await prometheusFiles();
  const read = <T>(name: string) => parse(files[name] ?? '') as T;

  const config = read<PrometheusConfig>('prometheus.yml');
  config.global = { ...config.global, scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' };
  config.rule_files = [at('prometheus-rules.yml')];
  for (const { static_configs: all } of config.alerting.alertmanagers)
    for (const one of all) one.targets = [alertmanager];
  for (const { authorization, static_configs: all } of config.scrape_configs) {
    authorization.credentials_file = at('token');
    for (const one of all) one.targets = [target];
  }
  const routing = read<AlertmanagerConfig>('alertmanager.yml');
  routing.route.group_wait = '1s';
  const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}`;
  for (const receiver of routing.receivers) receiver.webhook_configs = [{ url }];
  await writeFile(at('prometheus-rules.yml'), files['prometheus-rules.yml'] ?? '');
  await writeFile(at('prometheus.yml'), stringify(config));
  await writeFile(at('alertmanager.yml'), stringify(routing));
  await writeFile(at('token'), 'a token of the tests');

  const stops = [
    start('prometheus-alertmanager', [
      ...[`--config.file=${at('alertmanager.yml')}`, `--storage.path=${at('alerts')}`],
      ...[`--web.listen-address=${alertmanager}`, '--cluster.listen-address='],
    ]),
    start('prometheus', [
      ...[`--config.file=${at('prometheus.yml')}`, `--storage.tsdb.path=${at('series')}`],
      ...[`--web.listen-address=${prometheus}`, '--rules.alert.resend-delay=1s'],
    ]),
  ];
  return {
    notices,
    async ask<T>(path: string): Promise<T> {
      const response = await fetch(`http://${prometheus}/api/v1/${path}`);
      const { status, data, error } = (await response.json()) as { status: string; data: T; error?: string };
      if (status !== 'success') throw new Error(`Ask Prometheus "${path}": ${error}`);
      return data;
    },
    async stop() {
      await Promise.all(stops.map((stop) => stop()));
      hook.closeAllConnections();
      hook.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** @returns what ends it */
function start(program: (typeof PROGRAMS)[number], args: readonly string[]): () => Promise<void> {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const words = text(child.stderr);
  const ended = once(child, 'exit');
  return async () => {
    const isEarly = child.exitCode !== null;
    child.kill();
    await ended;
    if (isEarly) throw new Error(`Run ${program}: it ended by itself: ${(await words).slice(-1_000)}`);
  };
}

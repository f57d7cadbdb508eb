import { readFile, statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { text } from 'node:stream/consumers';
import { metricsSocket } from '../../supervisor/traffic/socket-path.ts';
import { ask, currentHome, SILENCE_MS } from '../control-client.ts';
import type { MeasuredLoad } from '../operator-answers.ts';
import { type MeasuredHost, measuredInput } from './measured-input.ts';
import { meanOf } from './metric-mean.ts';

const { request } = process.getBuiltinModule('node:http');

const GIB = 1024 ** 3;
const KIB = 1024;
const PATIENCE_MS = 10_000;

/**
 * What the running platform measured, as figures of a plan, and in one sentence. @throws NotRunning, or with the platform's message
 */
export async function measure(): Promise<{ input: Record<string, unknown>; summary: string }> {
  const load = await ask<MeasuredLoad>('GET', '/operator/load', undefined, SILENCE_MS);
  const home = await currentHome();
  const modelSeconds = meanOf(await readMetrics(metricsSocket(home.run)), 'gen_ai_client_operation_duration_seconds', {
    gen_ai_operation_name: 'chat',
  });
  return measuredInput(load, await thisHost(home.root), modelSeconds);
}

async function thisHost(folder: string): Promise<MeasuredHost> {
  const { blocks, bsize } = await statfs(folder);
  const limit = process.constrainedMemory();
  const memory = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  const swap = /^SwapTotal: +(\d+) kB/m.exec(await readFile('/proc/meminfo', 'utf8').catch(() => ''))?.[1];
  return {
    cores: availableParallelism(),
    memoryGb: memory / GIB,
    diskGb: (blocks * bsize) / GIB,
    ...(swap !== undefined && { swapGb: (Number(swap) * KIB) / GIB }),
  };
}

/** Nothing where they cannot be read: a plan does without. */
async function readMetrics(socketPath: string): Promise<string> {
  return new Promise((resolve) => {
    const sent = request({ socketPath, path: '/metrics', agent: false, timeout: PATIENCE_MS }, (answer) => {
      text(answer).then(resolve, () => resolve(''));
    });
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => resolve(''));
    sent.end();
  });
}

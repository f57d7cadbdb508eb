import { execFile, spawn } from 'node:child_process';
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../platform/testing/free-port.ts';
import { end, type PeerGateway, untilAnswers } from './portkey.ts';

const VERSION = '1.106.12';
/** Hundreds of packages: kept for the next run. */
const folder = join(homedir(), '.cache', 'pandect-bench', `litellm-${VERSION}`);
const INSTALL_MS = 600_000;
/** It does not start without one; one with digits and letters at random passes its test. */
const masterKey = `sk-${crypto.randomUUID()}`;

/**
 * LiteLLM's proxy with one worker and no database, in front of the mock. It keeps no books.
 * @throws where it cannot be installed
 */
export async function startLiteLlm(mock: { origin: string }, apiKey: string): Promise<PeerGateway> {
  const program = join(folder, 'bin', 'litellm');
  await access(program).catch(install);
  const port = await freePort();
  const settings = join(folder, `bench-${port}.yaml`);
  const model = { model: 'openai/mock', api_base: `${mock.origin}/v1`, api_key: apiKey };
  await writeFile(settings, JSON.stringify({ model_list: [{ model_name: 'mock', litellm_params: model }] }));
  const child = spawn(program, ['--config', settings, '--host', '127.0.0.1', '--port', String(port)], {
    stdio: 'ignore',
    env: {
      ...process.env,
      LITELLM_MASTER_KEY: masterKey,
      LITELLM_LOG: 'ERROR',
      LITELLM_TELEMETRY: 'False',
      LITELLM_LOCAL_MODEL_COST_MAP: 'True',
    },
  });
  const origin = `http://127.0.0.1:${port}`;
  await untilAnswers('LiteLLM', `${origin}/health/liveliness`, child);
  return {
    name: 'LiteLLM',
    origin,
    headers: { authorization: `Bearer ${masterKey}` },
    model: 'mock',
    pid: child.pid as number,
    async stop() {
      await end(child);
      await rm(settings);
    },
  };
}

async function install(): Promise<void> {
  const run = promisify(execFile);
  try {
    await mkdir(folder, { recursive: true });
    await run('python3', ['-m', 'venv', folder], { timeout: INSTALL_MS });
    const arguments_ = ['install', '--quiet', '--disable-pip-version-check', `litellm[proxy]==${VERSION}`];
    await run(join(folder, 'bin', 'pip'), arguments_, { timeout: INSTALL_MS, maxBuffer: 2 ** 24 });
  } catch (cause) {
    await rm(folder, { recursive: true, force: true });
    const [reason] = String((cause as Error).message).split('\n', 1);
    throw new Error(`Install LiteLLM ${VERSION}: ${reason}`, { cause });
  }
}

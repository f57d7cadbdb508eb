import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { moveSecrets } from './move-secrets.ts';

const names = {
  secrets: ['OPENAI_API_KEY', 'SMTP_PASSWORD', 'METRICS_TOKEN'],
  given: ['METRICS_TOKEN', 'GRAFANA_PASSWORD'],
};
let parent: string;
let folder: string;
let env: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'pandect-test-move-'));
  [folder, env] = [join(parent, 'secrets'), join(parent, '.env')];
});
afterEach(() => rm(parent, { recursive: true }));

const write = (text: string) => writeFile(env, text, { mode: 0o600 });
const read = (path: string) => readFile(path, 'utf8');
const move = () => moveSecrets(env, folder, names);

it('leaves no secret in the settings, which say where each is', async () => {
  await write(
    [
      '# Models',
      'export OPENAI_API_KEY="sk-$1\'#"  # of the team',
      'OPENAI_BASE_URL=https://llm.example.org',
      '#SMTP_PASSWORD=example',
      'SMTP_PASSWORD=',
      'METRICS_TOKEN=0123456789abcdef',
      'GRAFANA_PASSWORD=word',
      '',
    ].join('\n'),
  );
  expect(await move()).toEqual(['OPENAI_API_KEY', 'METRICS_TOKEN', 'GRAFANA_PASSWORD']);
  expect(await read(env)).toBe(
    [
      '# Models',
      'OPENAI_API_KEY_FILE=/run/secrets/own/openai_api_key',
      'OPENAI_BASE_URL=https://llm.example.org',
      '#SMTP_PASSWORD=example',
      'SMTP_PASSWORD=',
      `# METRICS_TOKEN stands in ${folder}/metrics_token`,
      `# GRAFANA_PASSWORD stands in ${folder}/grafana_password`,
      '',
    ].join('\n'),
  );
  expect(await read(join(folder, 'own/openai_api_key'))).toBe("sk-$1'#\n");
  expect(await read(join(folder, 'metrics_token'))).toBe('0123456789abcdef\n');
  const modes = await Promise.all(
    [env, folder, join(folder, 'own/openai_api_key')].map(async (path) => (await stat(path)).mode),
  );
  expect(modes.map((mode) => (mode & 0o777).toString(8))).toEqual(['600', '700', '644']);
  expect(await move()).toEqual([]);
});

it('moves nothing when one of them cannot be moved', async () => {
  await write('OPENAI_API_KEY=one\nOPENAI_API_KEY=two\nSMTP_PASSWORD="a\nb"\nMETRICS_TOKEN=0123456789abcdef\n');
  await expect(move()).rejects.toThrow(
    'Move secrets: OPENAI_API_KEY: it does not stand in one line: move it by hand\nMove secrets: SMTP_PASSWORD: it does not stand',
  );
  await expect(stat(folder)).rejects.toThrow('ENOENT');
  await write('SMTP_PASSWORD=word\nSMTP_PASSWORD_FILE=/run/secrets/own/smtp\n');
  await expect(move()).rejects.toThrow('SMTP_PASSWORD: set twice: remove it or SMTP_PASSWORD_FILE');
  expect(await read(env)).toContain('SMTP_PASSWORD=word');
});

it('overwrites no secret that is there', async () => {
  await write('METRICS_TOKEN=0123456789abcdef\n');
  await move();
  await write('METRICS_TOKEN=another-one-of-them\nSMTP_PASSWORD=word\n');
  await expect(move()).rejects.toThrow(`METRICS_TOKEN: "${join(folder, 'metrics_token')}" holds another value`);
  expect(await read(join(folder, 'metrics_token'))).toBe('0123456789abcdef\n');
  await write('METRICS_TOKEN=0123456789abcdef\n');
  expect(await move()).toEqual(['METRICS_TOKEN']);
});

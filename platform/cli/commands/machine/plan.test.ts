import { execFile } from 'node:child_process';
import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../planner/make-plan.ts';
import { commandEnvironment } from '../../../testing/command-environment.ts';

const root = join(import.meta.dirname, '../../../..');
const page = await readFile(join(root, 'docs/production/planning.md'), 'utf8');
const files = Array.from(page.matchAll(/^```json (\S+)\n(.+?)^```$/gms), ([, name = '', text = '']) => ({
  name,
  text,
}));
const runs = Array.from(
  page.matchAll(/^```sh\n\.\/scripts\/pandect ([^\n]+)\n```\n\n```text\n(.+?)^```$/gms),
  ([, command = '', expected = '']) => ({ command, lines: expected.trimEnd().split('\n') }),
);

/** The command in a folder with the files of the page. */
async function pandect(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'pandect-plan-'));
  for (const { name, text } of files) await writeFile(join(folder.path, name), text);
  const options = { cwd: folder.path, env: { ...commandEnvironment, PANDECT_HOME: folder.path, NO_COLOR: '1' } };
  return await promisify(execFile)(process.execPath, [join(root, 'pandect.ts'), ...args], options).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

describe('docs/production/planning.md', () => {
  it('has runs', () => expect(runs.length).toBe(3));

  it.each(runs)('shows what is printed by pandect $command', async ({ command, lines }) => {
    const { code, stdout } = await pandect(...command.split(' '));
    expect(code).toBe(0);
    const printed = stdout.split('\n').map((line) => line.trimEnd());
    for (const line of lines) expect(printed).toContain(line);
  });
});

describe('pandect plan', () => {
  it('prints the same as JSON, all of it finite, and writes it as a page', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'pandect-plan-'));
    const html = join(folder.path, 'plan.html');
    const { stdout, stderr } = await pandect(
      'plan',
      '--users',
      '100',
      '--questions-per-hour',
      '50',
      '--host',
      '3/3/40',
      ...['--html', html, '--json'],
    );
    expect(stderr).toContain(`The page is in "${html}"`);
    expect(await readFile(html, 'utf8')).toContain(
      '<h1>Plan for your host: 3 cores, 3 GB of memory, 40 GB of disk</h1>',
    );
    const made = JSON.parse(stdout) as Plan;
    expect(made.host).toEqual({ name: 'your host', cores: 3, memoryGb: 3, diskGb: 40 });
    expect(made.units.find(({ unit }) => unit === 'ask')).toMatchObject({ isLoaded: true });
    expect(made.units.length).toBeGreaterThan(15);
    expect(made.connections.least).toBeLessThanOrEqual(made.connections.wanted);
  });

  it('goes by options before the file', async () => {
    const { stdout } = await pandect('plan', '--from', 'bot.json', '--swap', '2', '--host', '8/32', '--json');
    const { host, warnings } = JSON.parse(stdout) as Plan;
    expect(host).toMatchObject({ cores: 8, memoryGb: 32 });
    expect(warnings.map(({ code }) => code)).not.toContain('swap');
  });

  it('plans for hosts of 3 GB whose platform serves images and bots', async () => {
    const { stdout } = await pandect('plan', '--images-per-hour', '20', '--readings-per-hour', '30', '--json');
    expect((JSON.parse(stdout) as Plan).host.name).toBe('3 GB');
  });

  it('fails with a sentence and prints nothing', async () => {
    const { code, stdout, stderr } = await pandect('plan', '--users', '-4', '--json');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe('Read plan: --users must be a whole number from 0 to 1000000000, not -4\n');
    const unwritten = await pandect('plan', '--html', 'none/plan.html');
    expect(unwritten).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^Write plan: --html "none\/plan\.html": ENOENT/),
    });
  });
});

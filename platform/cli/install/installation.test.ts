import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../kernel/environment.ts';
import { boundSettings } from './connection-bound.ts';
import { removeInstallation, writeInstallation } from './installation.ts';
import { places } from './systemd-unit.ts';

let prefix: string;
beforeEach(async () => {
  prefix = await mkdtemp(join(tmpdir(), 'pandect-test-'));
});
afterEach(() => rm(prefix, { recursive: true, force: true }));

const install = (project = '/opt/pandect', set: Record<string, string> = {}) =>
  writeInstallation({ project, home: '/srv/pandect', settings: readEnvironment(boundSettings, set), prefix });
const files = async () =>
  (await readdir(prefix, { recursive: true, withFileTypes: true })).filter((entry) => !entry.isDirectory());

describe('an installation', () => {
  it('is a unit, settings that only the owner reads, rules for connections, and a link', async () => {
    const { unit, environment, connections, command } = places(prefix);
    expect(await install()).toEqual([unit, environment, connections, command]);
    expect(await readFile(unit, 'utf8')).toContain('ExecStart="/opt/pandect/scripts/pandect" up --keep');
    expect((await stat(unit)).mode & 0o777).toBe(0o644);
    expect((await stat(environment)).mode & 0o777).toBe(0o600);
    expect(await readlink(command)).toBe('/opt/pandect/scripts/pandect');
  });

  it('changes nothing when it is there, and keeps settings', async () => {
    await install();
    await writeFile(places(prefix).environment, 'PANDECT_PORT=80\n');
    expect(await install()).toEqual([]);
    expect(await readFile(places(prefix).environment, 'utf8')).toBe('PANDECT_PORT=80\n');
  });

  it('writes the rules for connections again when the settings say otherwise', async () => {
    await install();
    const { connections } = places(prefix);
    expect(await install('/opt/pandect', { TRUSTED_PROXIES: '10.0.0.0/8' })).toEqual([connections]);
    expect(await readFile(connections, 'utf8')).toContain('10.0.0.0/8');
  });

  it('follows the checkout to another place', async () => {
    await install();
    const { unit, command } = places(prefix);
    expect(await install('/opt/newer')).toEqual([unit, command]);
    expect(await readlink(command)).toBe('/opt/newer/scripts/pandect');
  });

  it('does not replace a command that is not ours', async () => {
    const { command } = places(prefix);
    await mkdir(dirname(command), { recursive: true });
    await symlink('/usr/bin/true', command);
    await expect(install()).rejects.toThrow(`Install command "${command}": something else is there`);
    expect(await files()).toHaveLength(1);
    expect(await removeInstallation(prefix, false)).toEqual([]);
    expect((await lstat(command)).isSymbolicLink()).toBe(true);
  });
});

describe('its removal', () => {
  it('leaves nothing of it', async () => {
    await install();
    expect(await removeInstallation(prefix, false)).toHaveLength(4);
    expect(await files()).toEqual([]);
    expect(await removeInstallation(prefix, false)).toEqual([]);
  });

  it('keeps settings that were changed, unless asked to delete them', async () => {
    await install();
    await writeFile(places(prefix).environment, 'PANDECT_PORT=80\n');
    await removeInstallation(prefix, false);
    expect((await files()).map(({ name }) => name)).toEqual(['environment']);
    expect(await removeInstallation(prefix, true)).toEqual([places(prefix).environment]);
  });
});

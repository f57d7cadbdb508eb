import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { testDatabase } from '../../../testing/database.ts';
import { operatorControl } from '../data/operator-control.fixture.ts';
import { gatewayCommands } from './in-process.fixture.ts';

const database = await testDatabase();
const environment = { OPENAI_API_KEY: 'sk-environment', OUTBOUND_WHITELIST: 'api.openai.com,127.0.0.1' };
const control = await operatorControl(database, undefined, environment);
const folder = await mkdtemp(join(inject('services').folder, 'gateway-'));
afterAll(async () => {
  await control.close();
  await rm(folder, { recursive: true });
  await database.close();
});

const { pandect, pandectReading } = gatewayCommands(control.path, 'olga');
async function file(text: string | object): Promise<string> {
  const path = join(folder, `${crypto.randomUUID()}.yaml`);
  await writeFile(path, typeof text === 'string' ? text : stringify(text));
  return path;
}

const document = {
  version: 1,
  providers: { openai: { kind: 'openai', keys: [{ env: 'OPENAI_API_KEY' }] } },
  models: { gpt: { provider: 'openai', name: 'gpt-5-mini', can: ['tools'] } },
  routes: { default: { targets: ['gpt'], retry: { budget: '20s' } } },
};

describe('pandect gateway', () => {
  it('shows what the environment says as long as no version was applied', async () => {
    const { output } = await pandect('show');
    expect(output).toMatch(/^# From the environment: no version was applied\n/);
    expect(parse(output).routes.default).toEqual({ targets: ['gpt-3.5-turbo'] });
    expect((await pandect('versions')).output).toBe('No version: what the environment says is in effect\n');
  });

  it('applies a configuration once, after it showed what would change', async () => {
    const path = await file(document);
    const dry = await pandect('apply', path, '--dry-run');
    expect(dry.output).toContain('+ routes.default.retry.budget: 20s\n');
    expect(dry.output).toContain('- models["gpt-3.5-turbo"].name: gpt-3.5-turbo\n');
    expect(dry.output).toMatch(/Nothing was changed: what the environment says stays in effect\n$/);
    expect((await pandect('versions', '--json')).output).toBe('[]\n');

    const applied = await pandect('apply', path, '--comment', 'The first');
    expect(applied).toMatchObject({ code: 0, output: expect.stringMatching(/Version 1 is in effect\n$/) });
    const again = await pandect('apply', path, '--json');
    expect(JSON.parse(again.output)).toEqual({ version: 1, isNew: false, changes: [] });
    expect((await pandect('diff', path)).output).toBe('No difference: version 1 stays in effect\n');

    const { output } = await pandect('show');
    expect(parse(output)).toEqual(document);
    expect((await pandect('diff', await file(output))).output).toContain('No difference');
    expect((await pandect('versions')).output).toMatch(/\n1 +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +olga +The first\n$/);
  });

  it('lists its routes with their targets', async () => {
    expect((await pandect('routes')).output).toMatch(/\ndefault +order +gpt +openai +gpt-5-mini\n$/);
    const [route] = JSON.parse((await pandect('routes', '--json')).output);
    expect(route).toMatchObject({ route: 'default', targets: [{ target: 'gpt', keys: 1 }] });
  });

  it('rolls back as a new version', async () => {
    const changed = { ...document, breaker: { failures: 9 } };
    const { output } = await pandect('apply', await file(changed));
    expect(output).toBe('+ breaker.failures: 9\nVersion 2 is in effect\n');
    expect((await pandect('rollback', '1', '--dry-run')).output).toBe(
      '- breaker.failures: 9\nNothing was changed: version 2 stays in effect\n',
    );
    expect((await pandect('rollback', '1')).output).toBe('- breaker.failures: 9\nVersion 3 is in effect\n');
    expect((await pandect('rollback', '1')).output).toBe('No difference: version 3 stays in effect\n');
    expect(parse((await pandect('show')).output)).toEqual(document);
    expect(parse((await pandect('show', '2')).output)).toEqual(changed);
    const [row] = JSON.parse((await pandect('versions', '--limit', '1', '--json')).output);
    expect(row).toMatchObject({ version: 3, by: 'olga', comment: 'Rollback to version 1' });
    expect(await pandect('rollback', '9')).toEqual({
      code: 1,
      output: 'Roll gateway configuration back: there is no version 9\n',
    });
  });

  it('refuses a configuration with all of its mistakes, and keeps what was in effect', async () => {
    const bad = { ...document, extra: 1, routes: { default: { targets: ['gtp'] }, other: { targets: [] } } };
    expect(await pandect('apply', await file(bad))).toEqual({
      code: 1,
      output: [
        'Read configuration: 3 mistake(s)',
        '  extra: unknown field',
        '  routes.default.targets[0]: there is no model "gtp"; did you mean "gpt"?',
        '  routes.other.targets: must name a model',
        '',
      ].join('\n'),
    });
    expect(parse((await pandect('show')).output)).toEqual(document);
  });

  it.each([
    ['routes: [', 'line 1, column 10: '],
    ['version: 1\nroutes: {}\nroutes: {}', 'line 3, column 1: Map keys must be unique'],
    ['a: *gone', 'Unresolved alias'],
  ])('refuses %j, which is no good YAML, with the place', async (text, message) => {
    const { code, output } = await pandect('apply', await file(text));
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining(message) });
  });

  it('refuses a file that is not there', async () => {
    expect(await pandect('apply', join(folder, 'none.yaml'))).toMatchObject({
      code: 1,
      output: expect.stringContaining('ENOENT'),
    });
  });
});

describe('pandect gateway secret', () => {
  const secret = 'sk-ant-0123456789-very-secret-wxyz';

  it('keeps a key that is entered, and never shows more of it than its end', async () => {
    const set = await pandectReading(`${secret}\n`, 'secret', 'set', 'anthropic');
    expect(set).toEqual({ code: 0, output: 'Secret "anthropic" is kept; it ends with wxyz\n' });
    const listed = await pandect('secret', 'list');
    expect(listed.output).toMatch(/\nanthropic +wxyz +\d{4}/);
    const json = await pandect('secret', 'list', '--json');
    const rows = await database.owner`select * from gateway_secrets`;
    for (const seen of [listed.output, json.output, JSON.stringify(rows)])
      expect(seen).not.toContain(secret.slice(0, 12));
    expect(rows).toMatchObject([{ organization_id: null, name: 'anthropic', last4: 'wxyz' }]);
    expect(control.log().join('\n')).not.toContain(secret.slice(0, 12));
  });

  it('is named by the configuration, whose differences do not show it, and stays as long as it is', async () => {
    const withSecret = {
      ...document,
      providers: { openai: { kind: 'openai', keys: [{ env: 'OPENAI_API_KEY' }, { secret: 'anthropic' }] } },
    };
    const applied = await pandect('apply', await file(withSecret));
    expect(applied.output).toContain(
      '~ providers.openai.keys: env OPENAI_API_KEY → env OPENAI_API_KEY, secret anthropic\n',
    );
    expect(JSON.parse((await pandect('routes', '--json')).output)[0].targets[0].keys).toBe(2);
    expect(await pandect('secret', 'remove', 'anthropic')).toEqual({
      code: 1,
      output: 'Remove gateway secret "anthropic": the configuration in effect names it\n',
    });
    await pandect('apply', await file(document));
    expect((await pandect('secret', 'remove', 'anthropic')).output).toBe('Secret "anthropic" is removed\n');
    expect((await pandect('secret', 'list')).output).toBe('No secret was entered\n');
    const lost = await pandect('apply', await file(withSecret));
    expect(lost.output).toContain(
      'keys[1].secret: there is no key "anthropic"; enter it by pandect gateway secret set',
    );
  });

  it.each([
    ['', ['secret', 'set', 'a'], 'Read secret: standard input is empty'],
    ['two words', ['secret', 'set', 'a'], 'Read secret: it has spaces or line breaks in it'],
    ['x'.repeat(20_000), ['secret', 'set', 'a'], 'Read secret: it has more than 16384 characters'],
    [secret, ['secret', 'set', '../a'], 'Set gateway secret "../a": the name must be up to 100 letters'],
    ['', ['secret', 'remove', 'none'], 'Remove gateway secret "none": there is none'],
  ])('refuses %j for %j', async (input, args, message) => {
    const { code, output } = await pandectReading(input, ...args);
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining(message) });
  });
});

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult, type IRegularForbiddenRuleType } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// @ts-expect-error: a configuration without types
import rules from '../.dependency-cruiser.mjs';

/** An import that each rule must refuse: the file that imports, and the one it imports. */
const planted: Record<string, [from: string, to: string]> = {
  'kernel-stands-alone': ['platform/kernel/planted.ts', 'platform/capabilities/cache/index.ts'],
  'db-knows-the-kernel': ['db/planted.ts', 'platform/runtime/boot.ts'],
  'capabilities-know-no-process': ['platform/capabilities/planted.ts', 'platform/runtime/boot.ts'],
  'runtime-knows-no-function': ['platform/runtime/planted.ts', 'functions/ask/app.ts'],
  'platform-knows-no-module': ['platform/edge/planted.ts', 'modules/people/roles.ts'],
  'owner-migrates-and-makes-logins': ['platform/cli/commands/planted.ts', 'db/connect.ts'],
  'text-uses-no-module': ['modules/text/planted.ts', 'modules/people/index.ts'],
  'people-uses-no-module': ['modules/people/planted.ts', 'modules/commerce/index.ts'],
  'commerce-uses-people': ['modules/commerce/planted.ts', 'modules/legal/index.ts'],
  'messages-uses-commerce': ['modules/messages/planted.ts', 'modules/models/index.ts'],
  'models-uses-commerce': ['modules/models/planted.ts', 'modules/legal/index.ts'],
  'pictures-uses-models': ['modules/pictures/planted.ts', 'modules/legal/index.ts'],
  'legal-uses-models': ['modules/legal/planted.ts', 'modules/bots/index.ts'],
  'bots-uses-legal': ['modules/bots/planted.ts', 'modules/unknown/index.ts'],
  'composition-is-for-the-whole': ['functions/auth/planted.ts', 'modules/composition.ts'],
  'modules-know-no-process': ['modules/people/process.ts', 'platform/runtime/run-function.ts'],
  'functions-are-apart': ['functions/search/planted.ts', 'functions/ask/app.ts'],
  'workers-are-reached-by-their-jobs': ['functions/documents/planted.ts', 'workers/ingest/handle.ts'],
  'workers-are-apart': ['workers/notify/planted.ts', 'workers/ingest/handle.ts'],
  'functions-and-workers-know-no-supervisor': ['functions/ask/planted.ts', 'platform/supervisor/unit.ts'],
  'supervisor-starts-and-never-calls': ['platform/supervisor/planted.ts', 'functions/ask/app.ts'],
  'client-stands-alone': ['client/planted.ts', 'platform/kernel/problem.ts'],
  'web-knows-the-client-alone': ['web/planted.tsx', 'modules/people/roles.ts'],
  'a-site-is-built-and-never-imported': ['functions/auth/renders.ts', 'web/app/shell.tsx'],
  'testing-is-for-tests': ['functions/usage/planted.ts', 'platform/testing/database.ts'],
  'no-circles': ['modules/people/circle-a.ts', 'modules/people/circle-b.ts'],
};
/** More of them, where a rule names several places. */
const further: [rule: string, from: string, to: string][] = [
  ['platform-knows-no-module', 'platform/cli/commands/knows.ts', 'modules/people/roles.ts'],
  ['platform-knows-no-module', 'platform/cli/doctor/knows.ts', 'modules/legal/index.ts'],
  ['platform-knows-no-module', 'platform/supervisor/knows.ts', 'modules/commerce/index.ts'],
  ['platform-knows-no-module', 'platform/supervisor/control/knows.ts', 'modules/people/roles.ts'],
  ['owner-migrates-and-makes-logins', 'platform/cli/commands/migrates.ts', 'db/migrate.ts'],
  ['owner-migrates-and-makes-logins', 'platform/supervisor/control/opens.ts', 'db/client.ts'],
  ['owner-migrates-and-makes-logins', 'platform/supervisor/units/begins.ts', 'platform/supervisor/backing.ts'],
];
const imported = [...Object.values(planted), ...further.map(([, from, to]) => [from, to] as const)];
const forbidden = rules.forbidden as IRegularForbiddenRuleType[];
let folder: string;
let broken: Set<string>;
let issues: unknown[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  const imports = (from: string, to: string) => `import './${relative(dirname(from), to)}';\n`.replace('./../', '../');
  for (const [, to] of imported) await write(to, 'export {};\n');
  for (const [from, to] of imported) await write(from, imports(from, to));
  await write('modules/people/circle-b.ts', imports('modules/people/circle-b.ts', 'modules/people/circle-a.ts'));
  await write('functions/ask/type.ts', "import type {} from '../../platform/supervisor/unit.ts';\n");
  await write('functions/ask/good.ts', imports('functions/ask/good.ts', 'modules/people/roles.ts'));
  const options = { ...rules.options, baseDir: folder, ruleSet: { forbidden }, validate: true } as ICruiseOptions;
  const { output } = await cruise(['platform', 'modules', 'functions', 'workers', 'db', 'web', 'client'], options);
  issues = (output as ICruiseResult).summary.environment?.issues ?? [];
  broken = new Set(
    (output as ICruiseResult).summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the rules of imports', () => {
  it('are all tried here', () => {
    expect(Object.keys(planted).sort()).toEqual(forbidden.map(({ name }) => name).sort());
  });

  it.each(Object.entries(planted))('%s refuses what it names', (name, [from, to]) => {
    expect([...broken]).toContain(`${name}: ${from} → ${to}`);
  });

  it('hold for imports of types, though no compiler of TypeScript helps to find them', () => {
    const rule = 'functions-and-workers-know-no-supervisor';
    expect([...broken]).toContain(`${rule}: functions/ask/type.ts → platform/supervisor/unit.ts`);
    expect(issues).toEqual([]);
  });

  it.each(further)('%s refuses %s to import %s', (name, from, to) => {
    expect([...broken]).toContain(`${name}: ${from} → ${to}`);
  });

  it('let an import point down', () => {
    expect([...broken].filter((violation) => violation.includes('functions/ask/good.ts'))).toEqual([]);
  });
});

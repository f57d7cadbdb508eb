import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { Problem } from '../platform/kernel/problem.ts';
import * as platformProblems from '../platform/kernel/problems.ts';
import { OUTBOUND_WHITELIST } from '../platform/kernel/variables.ts';
import * as commerceProblems from './commerce/problems.ts';
import * as legalProblems from './legal/problems.ts';
import { checkDocument } from './models/configuration/check-document.ts';
import { fileVariables, keyNames } from './models/configuration/key-source.ts';
import { documentSchema } from './models/configuration/schema.ts';
import { chatDialect, messagesDialect } from './models/dialects/index.ts';
import * as modelProblems from './models/problems.ts';
import { kindRules } from './models/providers/kinds.ts';
import * as peopleProblems from './people/problems.ts';

const page = await readFile(join(import.meta.dirname, '../docs/gateway.md'), 'utf8');
const [, yaml = ''] = /^```yaml\n([\s\S]*?)^```$/m.exec(page) ?? [];
const section = (title: string) => page.split(/^#{2,3} /m).find((part) => part.startsWith(`${title}\n`)) ?? '';

describe('docs/gateway.md', () => {
  it('has a configuration that a platform would take, with every part of the form', () => {
    const document = checkDocument(parse(yaml), {
      environment: new Map(keyNames.map((name) => [name, true])),
      files: new Map(fileVariables.map(({ name }) => [name, true])),
      secrets: new Set(['openai-second']),
      hosts: [...OUTBOUND_WHITELIST.schema().parse(undefined), '127.0.0.1:11434'],
    });
    expect(Object.keys(document).toSorted()).toEqual(Object.keys(documentSchema.shape).toSorted());
  });

  it('explains every field', () => {
    const explained = Array.from(
      section('Configuration').matchAll(/^\| (`[^|]+) \|/gm),
      ([, names = '']) => names.match(/(?<=`)[\w.*[\]]+(?=`)/g) ?? [],
    ).flat();
    const form = z.toJSONSchema(documentSchema, { unrepresentable: 'any' }) as Schema;
    expect(explained.toSorted()).toEqual(fieldsOf(form).toSorted());
  });

  it('names the options of every kind of provider', () => {
    const text = section('Providers');
    for (const [kind, { options, defaultBaseUrl }] of Object.entries(kindRules)) {
      const [row = ''] = text.match(new RegExp(`^\\| \`${kind}\` .*$`, 'm')) ?? [];
      if (defaultBaseUrl !== undefined && kind !== 'local') expect(row).toContain(`\`${defaultBaseUrl}\``);
      for (const option of Object.keys(options))
        expect([kind, text]).toEqual([kind, expect.stringContaining(`\`${option}`)]);
    }
  });

  it('says of each error what clients read', () => {
    const definitions = Object.values({
      ...platformProblems,
      ...peopleProblems,
      ...commerceProblems,
      ...legalProblems,
      ...modelProblems,
    });
    const rows = Array.from(section('Errors').matchAll(/^\| `([^`]+)` \| (.*) \|$/gm));
    expect(rows.length).toBeGreaterThan(25);
    const ofCalls = Object.values(modelProblems).filter(({ type }) => !type.startsWith('ai-'));
    expect(rows.map(([, type]) => type)).toEqual(expect.arrayContaining(ofCalls.map(({ type }) => type)));
    for (const [, type, rest] of rows) {
      const definition = definitions.find((each) => each.type === type);
      if (!definition) throw new Error(`Find problem "${type}": missing`);
      const problem = new Problem(definition);
      const { status, headers, body } = chatDialect.writeError(problem, 'id');
      const openAi = body.error as { type: string; code: string };
      const anthropic = messagesDialect.writeError(problem, 'id').body.error as { type: string };
      const retry = headers['x-should-retry'] === 'false' ? 'no' : 'yes';
      expect([type, rest]).toEqual([
        type,
        `${status} | \`${openAi.type}\` / \`${openAi.code}\` | \`${anthropic.type}\` | ${retry}`,
      ]);
    }
  });
});

interface Schema {
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
}

/** Paths of the fields that hold no others; `*` for names, and nothing below what only has values. */
function fieldsOf({ properties, additionalProperties, items }: Schema, path = ''): string[] {
  if (properties) {
    return Object.entries(properties).flatMap(([name, inner]) =>
      fieldsOf(inner, path === '' ? name : `${path}.${name}`),
    );
  }
  if (typeof additionalProperties === 'object' && additionalProperties.properties)
    return fieldsOf(additionalProperties, `${path}.*`);
  if (items?.properties) return fieldsOf(items, `${path}[]`);
  return [path];
}

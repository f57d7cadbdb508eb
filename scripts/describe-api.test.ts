import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { findBreaks } from './contract/find-breaks.ts';
import { type Contract, contractPath, findCalledPaths, recordContract } from './contract/record.ts';
import { apiDigest, clientApiPath, describeApi } from './describe-api.ts';

interface Described {
  paths: Record<string, Record<string, { operationId?: string; responses: Record<string, { content?: Media }> }>>;
  components: { schemas: Record<string, object> };
}
type Media = Record<string, { schema: { contentSchema?: { $ref: string } } }>;

const description = await describeApi();
const { paths, components } = description as object as Described;
const operations = Object.entries(paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ ...operation, path, key: `${method.toUpperCase()} ${path}` })),
);

/** Every schema of a number below a place, with that place. */
function numbersIn(node: unknown, place: string): { place: string; format: unknown }[] {
  if (typeof node !== 'object' || node === null) return [];
  const { type, format } = node as { type?: unknown; format?: unknown };
  const isNumber = ['integer', 'number'].some((name) => [type].flat().includes(name));
  const below = Object.entries(node).flatMap(([key, value]) => numbersIn(value, `${place}/${key}`));
  return isNumber ? [{ place, format }, ...below] : below;
}

describe('the API description', () => {
  it('names every operation, so that generated clients have readable functions', () => {
    expect(operations.length).toBeGreaterThan(100);
    const unnamed = operations.filter(({ operationId = '' }) => !/^[a-z][a-zA-Z]+$/.test(operationId));
    expect(unnamed.map(({ key }) => key)).toEqual([]);
  });

  it('gives every number a format', () => {
    const numbers = numbersIn({ paths, components }, '');
    expect(numbers.length).toBeGreaterThan(100);
    expect(numbers.filter(({ format }) => format === undefined).map(({ place }) => place)).toEqual([]);
  });

  it('says what the events of its own streams hold', () => {
    const streams = operations.flatMap(({ key, path, responses }) => {
      const media = responses[200]?.content?.['text/event-stream'];
      return media && !path.startsWith('/v1/') ? [{ key, reference: media.schema.contentSchema?.$ref ?? '' }] : [];
    });
    expect(streams.length).toBeGreaterThan(2);
    for (const { key, reference } of streams) {
      expect(Object.keys(components.schemas), key).toContain(reference.replace('#/components/schemas/', ''));
    }
  });

  it('is what the types of the client were generated from: run `npm run client` after a change of the API', async () => {
    const [header] = (await readFile(clientApiPath, 'utf8')).split('\n', 1);
    expect(header).toContain(apiDigest(description));
  });

  it('keeps what the app that was served before relies on', async () => {
    const recorded: Contract = JSON.parse(await readFile(contractPath, 'utf8'));
    const present = recordContract(description, await findCalledPaths());
    expect(findBreaks(recorded, present)).toEqual([]);
    const unknown = Object.keys(present.operations).filter((key) => !recorded.operations[key]);
    expect(unknown, 'run `npm run contract` after the app calls another operation').toEqual([]);
    const [called, recordedCount] = [present, recorded].map((each) => Object.keys(each.operations).length);
    expect(called, 'every path in the sources of the app is found').toBeGreaterThan(70);
    expect(recordedCount).toBeGreaterThanOrEqual(called ?? 0);
  });
});

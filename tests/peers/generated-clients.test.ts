import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeApi } from '../../scripts/describe-api.ts';

const run = promisify(execFile);
const pom = join(import.meta.dirname, 'generated-clients.pom.xml');
const LONGEST_MS = 15 * 60_000;

let folder: string;
/** Why there are no clients to look at. */
let missing: string | undefined;
let failure: string | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pandect-generated-'));
  const [description, output] = [join(folder, 'openapi.json'), join(folder, 'clients')];
  await writeFile(description, JSON.stringify(await describeApi()));
  missing = await run('mvn', ['--version']).then(
    () => undefined,
    (error: Error) => `Java or Maven is not there: ${error.message.split('\n', 1)[0]}`,
  );
  if (missing) return;
  const properties = [`-Ddescription=${description}`, `-Doutput=${output}`];
  failure = await run('mvn', ['-q', '-B', '-f', pom, ...properties, 'compile'], { maxBuffer: 2 ** 28 }).then(
    () => undefined,
    ({ stdout }: { stdout: string }) =>
      stdout
        .split('\n')
        .filter((line) => line.includes('ERROR'))
        .join('\n'),
  );
  if (/could not (be )?resolve/i.test(failure ?? ''))
    missing = `the registry of the generators is not there: ${failure}`;
}, LONGEST_MS);
afterAll(() => rm(folder, { recursive: true, force: true }));

const kotlin = 'clients/kotlin/src/main/kotlin/org/openapitools/client';
const swift = 'clients/swift/Sources/OpenAPIClient';

/** Properties whose type a generator gave up, as `Model.property`. */
async function untyped(place: string, property: RegExp): Promise<string[]> {
  const files = await readdir(join(folder, place));
  const found = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(folder, place, file), 'utf8');
      return Array.from(text.matchAll(property), ([, name]) => `${file.replace(/\.\w+$/, '')}.${name}`);
    }),
  );
  return found.flat().toSorted();
}

/** Described as anything on purpose: the settings of all kinds of bots, and an event without data. */
const anything = ['Bot.settings', 'DocumentsEvents.list'];

describe('generated clients', () => {
  it('compile in Kotlin', (test) => {
    test.skip(missing !== undefined, missing);
    expect(failure).toBeUndefined();
  });

  it('lose no type of the API, in Kotlin and in Swift', async (test) => {
    test.skip(missing !== undefined, missing);
    expect(await untyped(`${kotlin}/models`, /val (\w+): kotlin\.Any\b/g)).toEqual(anything);
    expect(await untyped(`${swift}/Models`, /public var (\w+): JSONValue\b/g)).toEqual(anything);
  });

  it('count bytes in 64 bits, and have functions with names', async (test) => {
    test.skip(missing !== undefined, missing);
    const models = await Promise.all([
      readFile(join(folder, kotlin, 'models/Document.kt'), 'utf8'),
      readFile(join(folder, swift, 'Models/Document.swift'), 'utf8'),
    ]);
    expect(models[0]).toContain('val bytes: kotlin.Long');
    expect(models[1]).toContain('var bytes: Int64');
    const api = await readFile(join(folder, kotlin, 'apis/DocumentsApi.kt'), 'utf8');
    expect(Array.from(api.matchAll(/^ {4}fun (\w+)\(/gm), ([, name]) => name)).toEqual(
      expect.arrayContaining(['listDocuments', 'getDocument', 'followDocuments']),
    );
  });
});

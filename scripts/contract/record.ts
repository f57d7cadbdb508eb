import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApiDescription } from '../describe-api.ts';
import { namesIn, type Schema, type Shape, shapeOf } from './shape.ts';

/** What an operation takes and gives. */
export interface RecordedOperation {
  /** By place and name, such as `query limit`. */
  parameters: Shape;
  /** By media type. */
  body?: { required: boolean; content: Record<string, Shape> };
  /** By status and media type, such as `200 application/json`; one without a body by its status. */
  answers: Record<string, Shape>;
}

/** The operations that the app calls, as they were when it was recorded. */
export interface Contract {
  /** By method and path. */
  operations: Record<string, RecordedOperation>;
  /** The shapes that others refer to by name. */
  shapes: Record<string, Shape>;
}

type Media = Record<string, { schema?: Schema }>;
interface Described {
  parameters?: { name: string; in: string; required?: boolean; schema?: Schema }[];
  requestBody?: { required?: boolean; content: Media };
  responses: Record<string, { content?: Media }>;
}

const root = join(import.meta.dirname, '../..');
export const contractPath = join(root, 'web/contract.json');

const SUCCESS = /^2\d\d$/;

export function recordContract(description: ApiDescription, called: readonly CalledPath[]): Contract {
  const { paths, components } = description as unknown as {
    paths: Record<string, Record<string, Described>>;
    components: { schemas: Record<string, Schema> };
  };
  const operations: Contract['operations'] = {};
  for (const [path, item] of Object.entries(paths).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const calls = called.filter((call) => withoutNames(path) === call.path);
    for (const [method, operation] of Object.entries(item)) {
      const isCalled = calls.some((call) => call.method === undefined || call.method === method);
      if (isCalled) operations[`${method.toUpperCase()} ${path}`] = recordOperation(operation);
    }
  }
  const shapes: Contract['shapes'] = {};
  const waiting = Object.values(operations).flatMap(shapesOf).flatMap(namesIn);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (shapes[name]) continue;
    const shape = shapeOf(components.schemas[name] ?? {});
    shapes[name] = shape;
    waiting.push(...namesIn(shape));
  }
  const sorted = Object.entries(shapes).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { operations, shapes: Object.fromEntries(sorted) };
}

const shapesOf = ({ parameters, body, answers }: RecordedOperation): Shape[] => [
  ...[parameters, ...Object.values(body?.content ?? {}), ...Object.values(answers)],
];

function recordOperation({ parameters = [], requestBody, responses }: Described): RecordedOperation {
  const properties = parameters.map(
    ({ name, in: place, schema = {} }) => [`${place} ${name}`, shapeOf(schema)] as const,
  );
  const required = parameters
    .filter((parameter) => parameter.required)
    .map(({ name, in: place }) => `${place} ${name}`);
  const answers = Object.entries(responses)
    .filter(([status]) => SUCCESS.test(status))
    .flatMap(([status, { content }]) => {
      const media = Object.entries(content ?? {});
      if (media.length === 0) return [[status, {}] as const];
      return media.map(([type, { schema = {} }]) => [`${status} ${type}`, shapeOf(schema)] as const);
    });
  return {
    parameters: { properties: Object.fromEntries(properties), ...(required.length > 0 && { required }) },
    ...(requestBody && {
      body: {
        required: requestBody.required ?? false,
        content: Object.fromEntries(
          Object.entries(requestBody.content).map(([type, { schema = {} }]) => [type, shapeOf(schema)]),
        ),
      },
    }),
    answers: Object.fromEntries(answers),
  };
}

/** A path that the app calls, with `{}` for each of its variables. Without a method: by any. */
export interface CalledPath {
  path: string;
  method?: string;
}

const withoutNames = (path: string) => path.replaceAll(/\{[^}]*\}/g, '{}');

/** Paths of the API that stand in the sources of the app and its client. */
export async function findCalledPaths(): Promise<CalledPath[]> {
  // The address of an upload is told by the server.
  const found = new Map<string, CalledPath>([['uploads', { path: '/api/uploads/{}' }]]);
  for (const folder of ['web', 'client']) {
    for (const name of await readdir(join(root, folder), { recursive: true })) {
      if (!/\.tsx?$/.test(name) || /\.test\.ts|node_modules|^dist|^testing|^api\.ts$|fixtures/.test(name)) continue;
      const text = await readFile(join(root, folder, name), 'utf8');
      for (const [, method, , written = ''] of text.matchAll(
        /(?:\.(GET|POST|PUT|PATCH|DELETE)\(\s*)?(['`])(?:\$\{baseUrl\})?(\/api\/[^'`]*)\2/g,
      )) {
        const path = withoutNames(written.replaceAll(/\$\{[^}]*\}/g, '{}'));
        found.set(`${method} ${path}`, { path, ...(method && { method: method.toLowerCase() }) });
      }
    }
  }
  return [...found.values()];
}

/** A line for each operation and each shape, so that a change shows what it changes. */
export function writeContract({ operations, shapes }: Contract): string {
  const lines = (entries: object) =>
    Object.entries(entries)
      .map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
      .join(',\n');
  return `{\n  "operations": {\n${lines(operations)}\n  },\n  "shapes": {\n${lines(shapes)}\n  }\n}\n`;
}

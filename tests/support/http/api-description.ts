import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { send } from './client.ts';

interface MediaTypes {
  [mediaType: string]: { schema?: object };
}
interface OperationObject {
  operationId?: string;
  summary?: string;
  tags?: string[];
  security?: Record<string, string[]>[];
  parameters?: { name: string; in: string; required?: boolean; schema?: object }[];
  requestBody?: { required?: boolean; content: MediaTypes };
  responses: Record<string, { description?: string; content?: MediaTypes }>;
}
export interface ApiDocument {
  openapi: string;
  info: { title: string; version: string };
  servers: { url: string }[];
  paths: Record<string, Record<string, OperationObject>>;
  components: { schemas: Record<string, object>; securitySchemes: Record<string, object> };
}

export interface Operation extends OperationObject {
  /** `GET /api/documents/{id}` */
  key: string;
  method: string;
  path: string;
  takesJson: boolean;
}

export interface ApiDescription {
  document: ApiDocument;
  operations: Operation[];
  /** What of a response differs from its description: nothing when it is as described. */
  mismatch(operation: Operation, response: Response): Promise<string[]>;
}

/** The description that a running platform publishes, and what its operations must keep to. */
export async function readApi(url: string): Promise<ApiDescription> {
  const document = (await (await send(url, 'GET /api/openapi.json')).json()) as ApiDocument;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  (addFormats as unknown as (target: Ajv2020) => void)(ajv);
  ajv.addFormat('binary', true);
  ajv.addSchema({ ...document, $id: 'api' });
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]): Operation => {
      const takesJson = operation.requestBody?.content['application/json'] !== undefined;
      return { ...operation, key: `${method.toUpperCase()} ${path}`, method, path, takesJson };
    }),
  );

  const validators = new Map<string, ValidateFunction>();
  const validator = (...place: string[]): ValidateFunction => {
    const pointer = place.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
    const known = validators.get(pointer) ?? ajv.compile({ $ref: `api#/${pointer}` });
    validators.set(pointer, known);
    return known;
  };

  return {
    document,
    operations,
    async mismatch({ method, path, responses }, response) {
      const status = String(response.status);
      const described = responses[status];
      if (!described) return [`status ${status} is not described: ${await response.text()}`];
      const body = await response.text();
      if (!described.content) return body === '' ? [] : [`status ${status} has no body by its description: ${body}`];
      const mediaType = response.headers.get('content-type')?.split(';')[0] ?? '';
      // An operation that gives out files names their own types.
      const named = mediaType in described.content ? mediaType : 'application/octet-stream';
      if (!described.content[named]) return [`content type "${mediaType}" of status ${status} is not described`];
      if (!/json$/.test(mediaType)) return [];
      const validate = validator('paths', path, method, 'responses', status, 'content', mediaType, 'schema');
      validate(JSON.parse(body));
      return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}: ${body}`);
    },
  };
}

/**
 * What `send` takes to call an operation, its `{id}` filled in; of what has several pictures, the first as it is shown.
 * @param ids for each of its ids; the last one also stands for those that follow
 */
export const addressOf = ({ method, path }: Operation, ids: string | readonly string[] = '', query = '') => {
  const left = [ids].flat();
  const filled = path
    .replace('{index}/{variant}', '0/display')
    .replaceAll(/\{\w+\}/g, () => (left.length > 1 ? left.shift() : left[0]) ?? '');
  return `${method.toUpperCase()} ${filled}${query}` as `${string} /${string}`;
};

interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  const?: unknown;
  minimum?: number;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
}

/** A body that keeps to its schema where `text` does: it stands in every place for words. */
export function bodyWith(text: string, { requestBody }: Operation, { components }: ApiDocument): unknown {
  const fill = (schema: JsonSchema): unknown => {
    if (schema.$ref) return fill(components.schemas[schema.$ref.split('/').at(-1) as string] as JsonSchema);
    const variant = schema.anyOf?.[0] ?? schema.oneOf?.[0];
    if (variant) return fill(variant);
    if (schema.const !== undefined) return schema.const;
    if (schema.enum) return schema.enum[0];
    if (schema.properties) {
      return Object.fromEntries(Object.entries(schema.properties).map(([name, property]) => [name, fill(property)]));
    }
    if (schema.items) return [fill(schema.items)];
    const type = [schema.type].flat()[0];
    if (type === 'integer' || type === 'number') return schema.minimum ?? 1;
    if (type === 'boolean') return true;
    if (schema.format === 'uuid') return crypto.randomUUID();
    if (schema.format === 'email') return `${crypto.randomUUID()}@example.org`;
    return text;
  };
  return fill(requestBody?.content['application/json']?.schema as JsonSchema);
}

/** Every `$ref` of a document. */
export function references(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => (key === '$ref' ? [value as string] : references(value)));
}

import { badRequest } from './refusal.ts';

export interface Upload {
  name: string;
  content: Buffer;
}

/** What a method was called with, whether by JSON, a form or a query. */
export interface Params {
  text(name: string): string | undefined;
  needText(name: string): string;
  number(name: string): number | undefined;
  needNumber(name: string): number;
  flag(name: string): boolean;
  json(name: string): unknown;
  /** An uploaded file, in the field itself or where `attach://` leads. */
  file(name: string): Upload | undefined;
  /** All, for looking at. */
  all: Record<string, unknown>;
}

/** @throws TelegramRefusal when a body is not what its type says */
export async function readParams(url: URL, contentType: string, body: Buffer): Promise<Params> {
  const values: Record<string, unknown> = Object.fromEntries(url.searchParams);
  const files = new Map<string, Upload>();
  if (contentType.startsWith('application/json')) {
    Object.assign(values, parseObject(body.toString('utf8')));
  } else if (body.length > 0) {
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } })
      .formData()
      .catch(() => {
        throw badRequest("can't parse the body");
      });
    for (const [name, value] of form) {
      if (typeof value === 'string') values[name] = value;
      else files.set(name, { name: value.name, content: Buffer.from(await value.arrayBuffer()) });
    }
  }
  return createParams(values, files);
}

function parseObject(text: string): object {
  if (text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {}
  throw badRequest("can't parse JSON object");
}

function createParams(all: Record<string, unknown>, files: Map<string, Upload>): Params {
  const text = (name: string) => {
    const value = all[name];
    if (value === undefined || value === null) return undefined;
    const string = String(value);
    if (!string.isWellFormed()) throw badRequest('strings must be encoded in UTF-8');
    return string;
  };
  const need = <T>(name: string, value: T | undefined): T => {
    if (value === undefined) throw badRequest(`parameter "${name}" is required`);
    return value;
  };
  const number = (name: string) => {
    const value = text(name);
    if (value === undefined || value === '') return undefined;
    if (!/^-?\d+$/.test(value)) throw badRequest(`parameter "${name}" must be an integer`);
    return Number(value);
  };
  return {
    all,
    text,
    number,
    needText: (name) => need(name, text(name)),
    needNumber: (name) => need(name, number(name)),
    flag: (name) => ['true', '1', 'True'].includes(text(name) ?? ''),
    json(name) {
      const value = all[name];
      if (typeof value !== 'string') return value ?? undefined;
      if (value === '') return undefined;
      try {
        return JSON.parse(value) as unknown;
      } catch {
        throw badRequest(`can't parse ${name} JSON object`);
      }
    },
    file(name) {
      const reference = all[name];
      if (typeof reference !== 'string' || !reference.startsWith('attach://')) return files.get(name);
      return need(reference, files.get(reference.slice('attach://'.length)));
    },
  };
}

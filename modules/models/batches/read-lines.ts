import type { BatchError, CallEndpoint } from '../../../db/schema/models/batches.ts';
import type { Json } from '../dialects/contract.ts';

/** One call of an input file. */
export interface BatchLine {
  /** From 1. */
  line: number;
  customId: string;
  model: string;
  body: Json;
  /** Of the body, as JSON. */
  text: string;
}

export interface LineLimits {
  endpoint: CallEndpoint;
  lines: number;
  /** Of one line. */
  bytes: number;
  /** What is wrong with a body, where it is known before the call is made. */
  check(body: Json): { message: string; param: string | null } | undefined;
}

/** So many mistakes are enough to see what is wrong with a file. */
const MOST_ERRORS = 100;
const MOST_NAME = 512;
const NEWLINE = 0x0a;
const fields = ['custom_id', 'method', 'url', 'body'];
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads an input file line by line and yields its calls, or what is wrong with a line. Memory stays that of one line and of the names,
 * whatever the size of the file. Empty lines are none.
 */
export async function* readLines(
  content: AsyncIterable<Buffer>,
  limits: LineLimits,
): AsyncGenerator<BatchLine | BatchError> {
  const names = new Map<string, number>();
  let line = 0;
  let calls = 0;
  let errors = 0;
  for await (const bytes of splitLines(content, limits.bytes)) {
    line += 1;
    if (bytes !== undefined && isBlank(bytes)) continue;
    calls += 1;
    if (calls > limits.lines)
      return yield {
        code: 'too_many_lines',
        message: `A batch has at most ${limits.lines} requests`,
        param: null,
        line,
      };
    const read =
      bytes === undefined
        ? mistake(line, 'line_too_long', `The line is longer than ${limits.bytes} bytes`)
        : readLine(bytes, line, limits, names);
    if ('code' in read) errors += 1;
    yield read;
    if (errors === MOST_ERRORS) return;
  }
  if (calls === 0) yield { code: 'empty_file', message: 'The file has no requests', param: null, line: null };
}

function readLine(bytes: Buffer, line: number, limits: LineLimits, names: Map<string, number>): BatchLine | BatchError {
  const json = parse(bytes);
  if (!isObject(json)) return mistake(line, 'invalid_json_line', 'The line is not a JSON object');
  const { custom_id: customId, method, url, body } = json;
  if (typeof customId !== 'string' || customId === '' || customId.length > MOST_NAME)
    return mistake(
      line,
      'invalid_custom_id',
      `"custom_id" must be a text of 1 to ${MOST_NAME} characters`,
      'custom_id',
    );
  const earlier = names.get(customId);
  if (earlier !== undefined)
    return mistake(line, 'duplicate_custom_id', `"custom_id" is that of line ${earlier} as well`, 'custom_id');
  names.set(customId, line);
  if (method !== 'POST') return mistake(line, 'invalid_method', '"method" must be "POST"', 'method');
  const path = `/v1/${limits.endpoint}`;
  if (url !== path) return mistake(line, 'invalid_url', `"url" must be the endpoint of the batch, "${path}"`, 'url');
  const unknown = Object.keys(json).find((name) => !fields.includes(name));
  if (unknown !== undefined)
    return mistake(line, 'unknown_field', 'The line has a field that no request has', unknown.slice(0, 64));
  if (!isObject(body)) return mistake(line, 'invalid_body', '"body" must be an object', 'body');
  const { model, stream } = body;
  if (typeof model !== 'string' || model === '')
    return mistake(line, 'invalid_body', '"model" is required', 'body.model');
  if (stream === true) return mistake(line, 'invalid_body', '"stream" is not possible here', 'body.stream');
  const wrong = limits.check(body);
  if (wrong) return mistake(line, 'invalid_body', wrong.message, wrong.param);
  return { line, customId, model, body, text: JSON.stringify(body) };
}

const mistake = (line: number, code: string, message: string, param: string | null = null): BatchError => ({
  ...{ code, message, param, line },
});

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    return undefined;
  }
}

/** Lines without their ends; undefined for one that is too long, of which nothing is kept. */
async function* splitLines(content: AsyncIterable<Buffer>, most: number): AsyncGenerator<Buffer | undefined> {
  let parts: Buffer[] = [];
  let size = 0;
  const take = (part: Buffer) => {
    size += part.length;
    if (size <= most) parts.push(part);
    else parts = [];
  };
  const end = () => {
    const line = size <= most ? Buffer.concat(parts) : undefined;
    parts = [];
    size = 0;
    return line;
  };
  for await (const piece of content) {
    let from = 0;
    for (let at = piece.indexOf(NEWLINE); at >= 0; at = piece.indexOf(NEWLINE, from)) {
      take(piece.subarray(from, at));
      yield end();
      from = at + 1;
    }
    take(piece.subarray(from));
  }
  if (size > 0) yield end();
}

const isBlank = (bytes: Buffer): boolean => bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

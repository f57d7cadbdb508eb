import { unsupportedParameter } from '../../modules/models/problems.ts';
import type { AskedPictures } from '../../modules/pictures/generations/index.ts';
import { Problem } from '../../platform/kernel/problem.ts';
import { invalidRequest } from '../../platform/kernel/problems.ts';

export interface ImageRequest {
  asked: AskedPictures;
  form: 'b64_json' | 'url';
}

type Json = Record<string, unknown>;

/** Parameters of OpenAI's that say how a picture is made, with the values that mean what is done anyway. */
const givenAnyway: Readonly<Record<string, readonly unknown[]>> = {
  background: ['auto', 'opaque'],
  moderation: ['auto', 'low'],
  output_format: ['png'],
  partial_images: [0],
  quality: ['auto', 'standard'],
  stream: [false],
  style: ['vivid', 'natural'],
};
const known = new Set(['model', 'prompt', 'n', 'size', 'response_format', 'seed', 'user', ...Object.keys(givenAnyway)]);

/** Reads OpenAI's request for pictures of a model of the service. @throws Problem invalid-request, unsupported-parameter */
export function readImageRequest(json: Json): ImageRequest {
  for (const [name, value] of Object.entries(json)) {
    const isUnset = value === null || value === undefined;
    if (!isUnset && (!known.has(name) || givenAnyway[name]?.includes(value) === false)) {
      throw new Problem(unsupportedParameter, { parameters: { parameter: name } });
    }
  }
  const { model, prompt, n, size, seed, response_format: form } = json;
  if (typeof prompt !== 'string' || prompt.trim() === '' || prompt.includes('\0')) {
    throw invalid('prompt', 'must be a text that is not empty');
  }
  return {
    asked: {
      ...{ model: String(model), prompt: prompt.trim(), ...readSize(size) },
      ...{ count: readWhole('n', n, 1, 100), seed: readWhole('seed', seed, 0, 2 ** 31 - 1) },
    },
    form: readForm(form),
  };
}

function readSize(size: unknown): { width?: number; height?: number } {
  if (size === null || size === undefined || size === 'auto') return {};
  const [, width, height] = /^(\d{1,5})x(\d{1,5})$/.exec(String(size)) ?? [];
  if (!Number(width) || !Number(height)) throw invalid('size', 'must be "auto" or such as "1024x1024"');
  return { width: Number(width), height: Number(height) };
}

function readWhole(name: string, value: unknown, least: number, most: number): number | undefined {
  if (value === null || value === undefined) return undefined;
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return value as number;
  throw invalid(name, `must be a whole number from ${least} to ${most}`);
}

/** Addresses need another request with the same credential, so the pictures themselves are the default. */
function readForm(form: unknown): ImageRequest['form'] {
  if (form === null || form === undefined) return 'b64_json';
  if (form === 'b64_json' || form === 'url') return form;
  throw invalid('response_format', 'must be "b64_json" or "url"');
}

const invalid = (name: string, message: string) =>
  new Problem(invalidRequest, { errors: [{ path: `body.${name}`, message }] });

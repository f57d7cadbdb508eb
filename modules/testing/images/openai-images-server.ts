import { type ImageReply, type ImageRequest, type ImageServer, startImageServer } from './image-server.ts';
import { FAILED_PROMPT, isNumberIn, paint, REFUSED_PROMPT, unknownField } from './rules.ts';

export interface OpenAiImagesServer extends ImageServer {
  /** Only this key is taken. */
  key: string;
  /** To be used as OPENAI_BASE_URL. */
  baseUrl: string;
  /** Requests that pictures were made for, and that are charged. */
  made: number;
}

const STANDARD = ['1024x1024', '1536x1024', '1024x1536'];
/** Smaller ones than the real models make, so that tests are quick. */
const FREE_FROM = 64;
const FIELDS = [
  ...['model', 'prompt', 'n', 'size', 'quality', 'background', 'output_format', 'output_compression', 'moderation'],
  ...['stream', 'partial_images', 'safety_identifier', 'user'],
];

const error = (status: number, code: string | null, type = 'invalid_request_error', param?: string): ImageReply => ({
  status,
  body: { error: { message: 'The request failed', type, code, param: param ?? null } },
});

/**
 * Keeps the rules of OpenAI's pictures on the loopback interface, see https://developers.openai.com/api/docs/api-reference/images/create. It
 * takes no `response_format`, and the same body twice is made and charged twice.
 */
export async function startOpenAiImagesServer(): Promise<OpenAiImagesServer> {
  const key = 'sk-proj-abcdef0123456789';
  const state = { made: 0 };

  async function answer({ method, path, headers, body }: ImageRequest): Promise<ImageReply> {
    if (headers.authorization !== `Bearer ${key}`) return error(401, 'invalid_api_key');
    if (method !== 'POST' || path !== '/v1/images/generations') return error(404, null);
    const mistake = mistakeOf(body ?? {});
    if (mistake) return mistake;
    if (body?.prompt === REFUSED_PROMPT) return error(400, 'moderation_blocked', 'image_generation_user_error');
    if (body?.prompt === FAILED_PROMPT) return error(500, 'server_error', 'server_error');
    state.made += 1;
    const [width, height] = String(body?.size).split('x').map(Number) as [number, number];
    const data: { b64_json: string }[] = [];
    for (let index = 0; index < Number(body?.n ?? 1); index += 1) {
      data.push({ b64_json: (await paint({ width, height, seed: state.made }, index)).toString('base64') });
    }
    const usage = { input_tokens: 12, output_tokens: 1_056, total_tokens: 1_068 };
    return { status: 200, body: { created: 0, data, size: body?.size, output_format: 'png', usage } };
  }

  const server = await startImageServer({ isSubmit: ({ method }) => method === 'POST', answer });
  return Object.defineProperty(Object.assign(server, { key, baseUrl: `${server.origin}/v1`, made: 0 }), 'made', {
    get: () => state.made,
  });
}

function mistakeOf(body: Record<string, unknown>): ImageReply | undefined {
  const unknown = unknownField(body, FIELDS);
  if (unknown) return error(400, 'unknown_parameter', 'invalid_request_error', unknown);
  if (!['gpt-image-1-mini', 'gpt-image-2'].includes(String(body.model))) return error(400, 'model_not_found');
  if (typeof body.prompt !== 'string' || body.prompt === '' || body.prompt.length > 32_000) {
    return error(400, 'string_above_max_length', 'invalid_request_error', 'prompt');
  }
  if (body.n !== undefined && !isNumberIn(body.n, 1, 10)) return error(400, 'invalid_value', undefined, 'n');
  return isSize(String(body.model), String(body.size)) ? undefined : error(400, 'invalid_value', undefined, 'size');
}

function isSize(model: string, size: string): boolean {
  if (STANDARD.includes(size)) return true;
  const [width = 0, height = 0] = size.split('x').map(Number);
  return (
    model === 'gpt-image-2' &&
    isNumberIn(width, FREE_FROM, 3_840) &&
    isNumberIn(height, FREE_FROM, 3_840) &&
    width % 16 === 0 &&
    height % 16 === 0 &&
    Math.max(width, height) <= 3 * Math.min(width, height)
  );
}

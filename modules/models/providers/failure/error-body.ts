import { isJson } from '../../dialects/json.ts';

/** What the body of a failed answer says. None of it is checked. */
export interface ErrorBody {
  message?: string | undefined;
  type?: string | undefined;
  code?: string | undefined;
  parameter?: string | undefined;
  /** The status that the body names, which may differ from that of the answer. */
  status?: number | undefined;
  /** A finer code of some providers, such as Anthropic's `details.error_code`. */
  detailCode?: string | undefined;
}

/**
 * Reads the shapes that servers use: `{error: {message, type, code, param}}` of OpenAI, Azure and Anthropic, `{error: {grpcCode, httpCode}}` of
 * Yandex, `{error: "text"}` of Ollama and TEI, and `{message, type, code, status}` of older vLLM, GigaChat and Cohere.
 * @param text JSON, or anything else, of which nothing is kept
 */
export function readErrorBody(text: string): ErrorBody {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return {};
  }
  // A list of one is how Google's compatible endpoint answers.
  return readError(Array.isArray(body) ? body[0] : body);
}

/** The same of a parsed body. */
export function readError(body: unknown): ErrorBody {
  if (!isJson(body)) return {};
  if (typeof body.error === 'string') {
    return { message: textOf(body.message) ?? body.error, type: textOf(body.error_type), code: codeOf(body.code) };
  }
  const error = isJson(body.error) ? body.error : body;
  const details = isJson(error.details) ? error.details : undefined;
  const inner = isJson(error.innererror) ? error.innererror : undefined;
  return {
    message: textOf(error.message) ?? textOf(error.detail),
    type: textOf(error.type),
    code: codeOf(error.code) ?? codeOf(error.httpStatus),
    parameter: textOf(error.param),
    status: statusOf(error.httpCode) ?? statusOf(error.status) ?? statusOf(error.code),
    detailCode: codeOf(details?.error_code) ?? codeOf(inner?.code),
  };
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const codeOf = (value: unknown): string | undefined => (typeof value === 'number' ? String(value) : textOf(value));

function statusOf(value: unknown): number | undefined {
  const status = Number(value);
  return Number.isInteger(status) && status >= 400 && status < 600 ? status : undefined;
}

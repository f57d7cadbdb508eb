import { fieldsOf, isJson, objectsOf, textOf } from '../../dialects/json.ts';
import type { ImageOutcome } from '../../image-model.ts';
import { madeOutcome, pictureOf } from '../wire/pictures.ts';
import type { Answer } from '../wire/submit-failure.ts';

/**
 * How a task ended, by the answer to the request for its result; undefined when that says nothing of it. There is no failed state: failures
 * are answers of 4xx and 5xx, see https://fal.ai/docs/documentation/model-apis/errors and …/request-errors.
 */
export function readResult(answer: Answer, isOurs: (url: string) => boolean): ImageOutcome | undefined {
  const { status, body } = answer;
  if (status === 200) return readPictures(fieldsOf(body), isOurs);
  if (status === 404) return { outcome: 'gone' };
  const types = errorTypes(answer);
  if (types.some((type) => /^client_(cancelled|disconnected)$/.test(type)) || status === 499) {
    return { outcome: 'cancelled' };
  }
  // Words of the task come from the queue; a proxy in front of it has none of these.
  const isOfTask = types.length > 0 || fieldsOf(body).detail !== undefined;
  if (!isOfTask || [401, 403, 429].includes(status) || status < 400) return undefined;
  // Answers of 5xx are never charged; refusals may be, when the work had begun.
  const maybeCharged = status < 500;
  if (types.includes('content_policy_violation')) return { outcome: 'refused', maybeCharged };
  if (status === 408 || status === 504 || types.some((type) => /timeout$/.test(type))) {
    return { outcome: 'failed', reason: 'timed-out', maybeCharged };
  }
  return { outcome: 'failed', reason: status < 500 ? 'provider-refused-settings' : 'provider-down', maybeCharged };
}

function readPictures(output: Record<string, unknown>, isOurs: (url: string) => boolean): ImageOutcome {
  const images = isJson(output.image) ? [output.image] : objectsOf(output.images);
  const flags = Array.isArray(output.has_nsfw_concepts) ? output.has_nsfw_concepts : [];
  return madeOutcome(
    images.map(({ url }) => pictureOf(url, isOurs)),
    flags,
    output.seed,
  );
}

/** Words for errors, of the header, of the platform and of the model. */
function errorTypes({ headers, body }: Pick<Answer, 'headers' | 'body'>): string[] {
  const { error_type, detail } = fieldsOf(body);
  const errors = objectsOf(Array.isArray(body) ? body : detail);
  const types = [headers['x-fal-error-type'], error_type, ...errors.map(({ type }) => type)];
  return types.map(textOf).filter((type) => type !== '');
}

/** Whether an answer refuses what was asked for. */
export const isPolicyViolation = (body: unknown): boolean =>
  errorTypes({ headers: {}, body }).includes('content_policy_violation');

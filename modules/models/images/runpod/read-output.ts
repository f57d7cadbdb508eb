import { fieldsOf, isJson } from '../../dialects/json.ts';
import type { ImageOutcome, ImageProgress } from '../../image-model.ts';
import { madeOutcome, pictureOf } from '../wire/pictures.ts';

/** What workers say in place of a picture when its content was refused; a word of fal that workers here share. */
const REFUSED = 'content_policy_violation';

/**
 * How a task ended whose state is COMPLETED. Workers are the operator's own: those of RunPod answer `{images: [text]}`, `{images: [{data}]}`,
 * `{image_url}` or `{message}`, where a text is an address, a data URI or base64. Some return an error in place of raising it, and a
 * result that is too large for RunPod is left out.
 */
export function readOutput(output: unknown, isOurs: (url: string) => boolean): ImageOutcome {
  const fields = fieldsOf(output);
  const flags = [fields.has_nsfw_concepts, fields.nsfw].find(Array.isArray) ?? [];
  const made = madeOutcome(
    textsOf(output).map((text) => pictureOf(text, isOurs)),
    flags,
    fields.seed,
  );
  if (made.outcome === 'made') return made;
  const { error } = fields;
  const word = isJson(error) ? (error.code ?? error.type) : error;
  return word === REFUSED ? { outcome: 'refused', maybeCharged: true } : made;
}

function textsOf(output: unknown): unknown[] {
  if (Array.isArray(output)) return output.map(textIn);
  if (!isJson(output)) return [output];
  if (Array.isArray(output.images)) return output.images.map(textIn);
  return [output.image_url, output.image, output.message].filter((text) => text !== undefined).slice(0, 1);
}

const textIn = (entry: unknown): unknown => (isJson(entry) ? (entry.data ?? entry.url ?? entry.image) : entry);

/** The progress that a worker reported, which is free-form: `{progress: 0.4}`, "3/8" or 0.4. */
export function readProgress(output: unknown): ImageProgress {
  const told = isJson(output) ? output.progress : output;
  const [, done, total] = /^(\d{1,6})\s*\/\s*(\d{1,6})$/.exec(typeof told === 'string' ? told : '') ?? [];
  const share = done === undefined ? told : Number(done) / Number(total);
  return typeof share === 'number' && share >= 0 && share <= 1 ? { state: 'running', share } : { state: 'running' };
}

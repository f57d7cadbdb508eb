/** https://fal.ai/docs/documentation/model-apis/inference/queue */

const WORD = '[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}';
/** Apps of these have one more word in front. */
const NAMESPACES = new Set(['workflows', 'comfy']);
const REFERENCE = new RegExp(`^(${WORD}(?:/${WORD}){1,2})/requests/([A-Za-z0-9_-]{1,100})$`);

/** The app of a model, which all addresses but that of submits begin with: `fal-ai/flux` of `fal-ai/flux/dev`. */
export function appOf(model: string): string {
  const words = model.split('/');
  return words.slice(0, NAMESPACES.has(words[0] ?? '') ? 3 : 2).join('/');
}

/** `fal-ai/flux/requests/<id>`; undefined when the id is none. */
export function referenceOf(app: string, requestId: unknown): string | undefined {
  const reference = `${app}/requests/${String(requestId)}`;
  return typeof requestId === 'string' && isReference(reference) ? reference : undefined;
}

export const isReference = (reference: string): boolean => REFERENCE.test(reference);

/**
 * The app of a task by the address that the answer to its submit names; undefined for an address elsewhere, which is not called.
 * @param baseUrl without a slash at its end
 */
export function appOfAnswer(baseUrl: string, responseUrl: unknown, requestId: unknown): string | undefined {
  if (typeof responseUrl !== 'string' || !responseUrl.startsWith(`${baseUrl}/`)) return undefined;
  const [, app, id] = REFERENCE.exec(responseUrl.slice(baseUrl.length + 1)) ?? [];
  return id === requestId ? app : undefined;
}

import type { Json } from '../dialects/contract.ts';
import { isJson } from '../dialects/json.ts';
import { invalid } from '../dialects/refuse.ts';
import type { UpstreamRequest } from './adapter.ts';
import { postJson } from './post-json.ts';
import { boundaryOf, setFormField } from './set-form-field.ts';

/**
 * A request whose body stays as the caller sent it, but for the name of the model.
 * @param contentType JSON or a form with a boundary
 * @param change of a JSON body, after its model was set
 * @throws Problem invalid-request for a body that is neither
 */
export function passThrough(
  url: string,
  headers: Record<string, string>,
  { body, contentType, model }: { body: Buffer; contentType: string; model: string },
  change: (body: Json) => Json = (unchanged) => unchanged,
): UpstreamRequest {
  const boundary = boundaryOf(contentType);
  if (boundary !== undefined) {
    const form = setFormField(body, boundary, 'model', model);
    return { method: 'POST', url, headers: { ...headers, 'content-type': contentType }, body: form };
  }
  return postJson(url, headers, change({ ...readObject(body), model }));
}

function readObject(body: Buffer): Json {
  try {
    const parsed: unknown = JSON.parse(body.toString());
    if (isJson(parsed)) return parsed;
  } catch {
    // Answered below, like JSON of another kind.
  }
  throw invalid('body', 'must be a JSON object or a form');
}

import { parseObject } from '../../dialects/json.ts';
import type { ImageModel } from '../../image-model.ts';

const REFERENCE = /^[\w-]{1,100}\/[\w-]{1,100}$/;

/** `<endpoint>/<id>`; undefined when the id is none. */
export function referenceOf(endpoint: string, id: unknown): string | undefined {
  const reference = `${endpoint}/${String(id)}`;
  return typeof id === 'string' && isReference(reference) ? reference : undefined;
}

export const isReference = (reference: string): boolean => REFERENCE.test(reference);

/** Callbacks are not signed: what one says is a reason to look, and their address has a token. */
export const readRunpodCallback: NonNullable<ImageModel['readCallback']> = async (_, body, endpoint) => {
  const told = parseObject(body.toString());
  const reference = referenceOf(endpoint, told?.id);
  return reference === undefined ? undefined : { reference, deliveryKey: `${reference} ${String(told?.status)}` };
};

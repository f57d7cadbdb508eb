import type { Json } from '../dialects/contract.ts';

/** A request, or a message of it, without the fields that only Pandect knows: their names begin with `x_`. */
export const withoutOurs = (object: Json): Json =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !name.startsWith('x_')));

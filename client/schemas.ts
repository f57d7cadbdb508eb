import type { components } from './api.ts';

/** The API's schemas by name, such as `Schemas['Document']`. */
export type Schemas = components['schemas'];

/** Events of a stream as a union, from the schema that names each with its data. */
export type EventsOf<S> = { [K in Exclude<keyof S, 'error'>]-?: { event: K; data: NonNullable<S[K]> } }[Exclude<
  keyof S,
  'error'
>];

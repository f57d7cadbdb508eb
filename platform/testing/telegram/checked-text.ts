import type { Entity } from './state.ts';

export interface CheckedText {
  text: string;
  entities: Entity[];
}

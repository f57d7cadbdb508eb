import type { ChatChunk, Json } from '../contract.ts';
import { fieldsOf, objectsOf, textOf } from '../json.ts';

/** The number of a choice or a call; its place among those next to it where a server gives none. */
export const numberOf = ({ index }: Json, place: number): number =>
  Number.isSafeInteger(index) ? (index as number) : place;

/** A piece of a call of a tool, as a delta holds it. Names and identifiers come in the first alone. */
export interface CallPiece {
  index: number;
  id: string;
  name: string;
  text: string;
}

export const callPiecesOf = (delta: Json): CallPiece[] =>
  objectsOf(delta.tool_calls).map((call, place) => {
    const { name, arguments: text } = fieldsOf(call.function);
    return { index: numberOf(call, place), id: textOf(call.id), name: textOf(name), text: textOf(text) };
  });

/** The first choice of a chunk, in a list, for formats that have one answer. */
export const firstChoiceOf = ({ choices }: ChatChunk): Json[] =>
  objectsOf(choices).filter(({ index }) => index === undefined || index === 0);

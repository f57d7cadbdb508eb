import { drawPicture } from '../../models/images/local/draw-picture.ts';

/** What is asked of every provider. */
export interface Asked {
  prompt: string;
  width: number;
  height: number;
  count: number;
  seed: number;
}

export const REFUSED_PROMPT = 'Something that no provider draws';
export const FAILED_PROMPT = 'Something that breaks the model';

/** A picture of a task. */
export const paint = (
  { width, height, seed }: Pick<Asked, 'width' | 'height' | 'seed'>,
  index: number,
): Promise<Buffer> => drawPicture({ width, height, seed: seed + index }, new AbortController().signal);

export const isNumberIn = (value: unknown, least: number, most: number): value is number =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;

/** A parameter that there is not, as servers refuse it; undefined when all are known. */
export const unknownField = (body: object, known: readonly string[]): string | undefined =>
  Object.keys(body).find((field) => !known.includes(field));

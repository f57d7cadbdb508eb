/** A piece of a step. */
export interface StepPart {
  /** Where it begins in the step. */
  at: number;
  isCode: boolean;
  text: string;
}

/** What stands in backquotes apart from the rest; labels such as `{unit}` become `<unit>`. */
export function stepParts(step: string): StepPart[] {
  let at = 0;
  return step
    .split('`')
    .map((piece, index) => {
      const part = { at, isCode: index % 2 === 1, text: piece.replace(/\{(\w+)\}/g, '<$1>') };
      at += piece.length + 1;
      return part;
    })
    .filter(({ text }) => text !== '');
}

import type { DocumentParser } from '../contract.ts';

/** Lets no more than so many documents be read at the same time, in the order in which they were asked for. */
export function limitReadings(parser: DocumentParser, most: number): DocumentParser {
  let reading = 0;
  const waiting: (() => void)[] = [];
  return {
    async parse(file, options) {
      if (reading >= most) await new Promise<void>((resolve) => waiting.push(resolve));
      else reading++;
      try {
        return await parser.parse(file, options);
      } finally {
        const next = waiting.shift();
        if (next) next();
        else reading--;
      }
    },
  };
}

import type { Dialect, TokenCount, Wire } from '../../dialects/contract.ts';
import type { Step, StreamFormat } from './stream-format.ts';

/** Writes the events of an upstream in the format of a caller who speaks another. */
export function createTranslation(
  wire: Wire,
  dialect: Dialect,
  options: { model: string; includeUsage: boolean },
): StreamFormat {
  const reader = wire.createReader();
  const writer = dialect.createWriter(options);
  let usage: TokenCount | undefined;
  return {
    read({ event }): Step {
      if (!event) return { out: undefined, meaning: undefined, characters: 0 };
      const meaning = wire.meaningOf(event, usage);
      usage = meaning?.usage ?? usage;
      const characters = meaning?.characters ?? 0;
      if (meaning?.error) return { out: undefined, meaning, characters };
      let out = '';
      for (const chunk of reader.read(event)) out += writer.write(chunk);
      return { out: out === '' ? undefined : out, meaning, characters };
    },
    end() {
      let out = '';
      for (const chunk of reader.end()) out += writer.write(chunk);
      return out + writer.end();
    },
  };
}

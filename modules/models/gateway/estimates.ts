import type { TokenCount } from '../dialects/contract.ts';
import type { AttemptReport } from '../routing/contract.ts';
import type { Media } from './measure-json.ts';

/** What a prompt and its answers are estimated by. */
export interface Prompt {
  /** Of the body. */
  bytes: number;
  media: Media;
}

/** Bytes of JSON a token: what `estimateTokens` gives for text, since Cyrillic letters have two bytes. */
const BYTES_A_TOKEN = 4;
/** Characters of an answer a token, between English and Russian. */
const CHARACTERS_A_TOKEN = 3;
/** What a picture of usual size costs at most providers. */
const TOKENS_A_PICTURE = 1_100;

/** Calls that the mean of a model's factor is taken over. */
const REMEMBERED_CALLS = 50;
const [LEAST_FACTOR, MOST_FACTOR] = [0.25, 4];

export interface Estimates {
  /** Tokens of a prompt for a target. */
  input(target: string, prompt: Prompt): number;
  /** What an attempt used, which its upstream has not counted, or not to its end. */
  complete(report: AttemptReport, prompt: Prompt): { usage: TokenCount; isEstimated: boolean };
}

/**
 * Estimates tokens where no upstream counts them. Each model spends more or fewer tokens on the same text: from every counted call its
 * factor is learned, as a running mean, apart for prompts and answers.
 */
export function createEstimates(): Estimates {
  const factors = new Map<string, { factor: number; calls: number }>();
  const factorOf = (name: string) => factors.get(name)?.factor ?? 1;
  const learn = (name: string, counted: number, estimated: number) => {
    if (counted <= 0 || estimated < 1) return;
    const ratio = Math.min(Math.max(counted / estimated, LEAST_FACTOR), MOST_FACTOR);
    const known = factors.get(name) ?? { factor: ratio, calls: 0 };
    known.calls = Math.min(known.calls + 1, REMEMBERED_CALLS);
    known.factor += (ratio - known.factor) / known.calls;
    factors.set(name, known);
  };

  const estimate = (name: string, tokens: number) => Math.ceil(tokens * factorOf(name));
  const input = (target: string, prompt: Prompt) => {
    const text = Math.max(prompt.bytes - prompt.media.characters, 0) / BYTES_A_TOKEN;
    return estimate(`input ${target}`, text) + prompt.media.pictures * TOKENS_A_PICTURE;
  };

  return {
    input,
    complete({ target: { name }, outcome, usage, characters }, prompt) {
      const output = characters / CHARACTERS_A_TOKEN;
      if (outcome === 'failed') return { usage: usage ?? { input: 0, output: 0 }, isEstimated: false };
      if (usage && outcome === 'done') {
        // Pictures would teach it what they cost, and not what text does.
        if (prompt.media.pictures === 0 && prompt.media.characters === 0)
          learn(`input ${name}`, usage.input, prompt.bytes / BYTES_A_TOKEN);
        learn(`output ${name}`, usage.output - (usage.reasoning ?? 0), output);
        return { usage, isEstimated: false };
      }
      const estimated = { input: input(name, prompt), output: estimate(`output ${name}`, output) };
      if (!usage) return { usage: estimated, isEstimated: true };
      // A count that came before the answer was complete knows the prompt; of the answer, the larger figure is nearer.
      if (usage.output >= estimated.output) return { usage, isEstimated: false };
      return { usage: { ...usage, output: estimated.output }, isEstimated: true };
    },
  };
}

/** A question to the person that requests wait for. */
export interface Prompt {
  readonly open: boolean;
  subscribe(changed: () => void): () => void;
  /** Resolves with the answer; while the question is open, to the same one for all who ask. */
  ask(): Promise<boolean>;
  answer(yes: boolean): void;
}

export function createPrompt(): Prompt {
  let asked: { answer: Promise<boolean>; resolve: (yes: boolean) => void } | undefined;
  const followers = new Set<() => void>();
  const tell = () => {
    for (const follower of [...followers]) follower();
  };
  return {
    get open() {
      return asked !== undefined;
    },
    subscribe(changed) {
      followers.add(changed);
      return () => followers.delete(changed);
    },
    ask() {
      if (!asked) {
        const { promise, resolve } = Promise.withResolvers<boolean>();
        asked = { answer: promise, resolve };
        tell();
      }
      return asked.answer;
    },
    answer(yes) {
      const answered = asked;
      asked = undefined;
      answered?.resolve(yes);
      if (answered) tell();
    },
  };
}

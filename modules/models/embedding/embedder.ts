/** One unit vector a text, in order, and the tokens they took. */
export interface Embeddings {
  vectors: Float32Array[];
  tokens: number;
}

export interface Embedder {
  /** Name of the model. Vectors of different models are never compared. */
  readonly id: string;
  /** Length of the vectors. */
  readonly dimensions: number;
  /**
   * Whether vectors are made of a text's words alone. They bring candidates for words that no text holds, such as misspelt ones;
   * for the order of results they only repeat what the words say.
   */
  readonly lexical: boolean;
  /**
   * Models may want a `query` and a `document` prepared differently.
   * @throws AiFailure
   */
  embed(texts: readonly string[], kind: 'document' | 'query', signal?: AbortSignal): Promise<Embeddings>;
}

/** A provider whose server can be asked whether it is there. */
export interface Reachable {
  /** @throws AiFailure when the server cannot be reached or refuses the key */
  check(signal?: AbortSignal): Promise<void>;
}

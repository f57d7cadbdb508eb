/** What a provider gave for a key, to be shown with each request for a while. */
export interface AccessToken {
  value: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/** Where tokens are between calls, and who may ask for the next one. */
export interface TokenStore {
  /** @param key names the token and, as a secret, protects it where it is stored */
  get(key: TokenKey): Promise<AccessToken | undefined>;
  put(key: TokenKey, token: AccessToken): Promise<void>;
  /** Forgets the token if it is still this one. */
  remove(key: TokenKey, value: string): Promise<void>;
  /** The right to ask for the next token, for at most `ms`; undefined while another has it. */
  lock(key: TokenKey, ms: number): Promise<{ release(): Promise<void> } | undefined>;
}

export interface TokenKey {
  /** Says nothing of the secret. */
  name: string;
  /** What the token is exchanged for. */
  secret: string;
}

/** Tokens of this process alone. */
export function createLocalTokens(): TokenStore {
  const tokens = new Map<string, AccessToken>();
  const locked = new Map<string, number>();
  return {
    get: async ({ name }) => tokens.get(name),
    async put({ name }, token) {
      tokens.set(name, token);
    },
    async remove({ name }, value) {
      if (tokens.get(name)?.value === value) tokens.delete(name);
    },
    async lock({ name }, ms) {
      if ((locked.get(name) ?? 0) > Date.now()) return undefined;
      const until = Date.now() + ms;
      locked.set(name, until);
      return {
        async release() {
          if (locked.get(name) === until) locked.delete(name);
        },
      };
    },
  };
}

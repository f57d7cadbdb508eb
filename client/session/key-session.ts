import type { OwnSession } from './session.ts';

const cannot = async () => {
  throw new Error('Sign in: the client uses an API key');
};

/** For programs with an API key: there is nothing to sign in to, and nothing ends by itself. */
export const createKeySession = (apiKey: string): OwnSession => ({
  state: 'signed-in',
  userId: undefined,
  subscribe: () => () => {},
  restore: async () => true,
  signIn: cannot,
  adopt: cannot,
  signOut: cannot,
  accessToken: async () => apiKey,
  renew: async () => undefined,
  close: () => {},
});

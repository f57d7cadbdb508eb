import type { AccessToken } from './access-token.ts';

/** What pages of an origin tell each other of the session that they share. */
export type News = { kind: 'token'; token: string; leftMs: number } | { kind: 'signed-out' };

export interface NewsChannel {
  tell(news: News): void;
  /** Resolves at the next news, or after `ms`. */
  next(ms: number): Promise<void>;
  close(): void;
}

export function openNews(name: string, hear: (news: News) => void): NewsChannel {
  const channel = new BroadcastChannel(name);
  // A program that is done must not wait for news.
  (channel as { unref?(): void }).unref?.();
  const waiting = new Set<() => void>();
  channel.onmessage = ({ data }: MessageEvent<News>) => {
    hear(data);
    for (const wake of waiting) wake();
  };
  return {
    tell: (news) => channel.postMessage(news),
    next: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(done, ms);
        waiting.add(done);
        function done() {
          clearTimeout(timer);
          waiting.delete(done);
          resolve();
        }
      }),
    close: () => channel.close(),
  };
}

export const noNews: NewsChannel = { tell: () => {}, next: async () => {}, close: () => {} };

export const tokenNews = ({ token, until }: AccessToken): News => ({
  kind: 'token',
  token,
  leftMs: until - performance.now(),
});

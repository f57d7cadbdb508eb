import { decodeJwt } from 'jose';
import { requireRole } from '../../../modules/people/roles.ts';
import { type Generations, generationTopic } from '../../../modules/pictures/generations/index.ts';
import type { Feed } from '../../../platform/capabilities/feed/index.ts';
import { type Language, Problem } from '../../../platform/kernel/problem.ts';
import { notFound } from '../../../platform/kernel/problems.ts';
import type { TokenVerifier } from '../../../platform/runtime/http/caller.ts';
import { toImage } from '../image.ts';
import type { Desk } from './desk.ts';
import type { Seats } from './seats.ts';

export interface DeskDeps {
  generations: Generations;
  feed: Feed;
  tokens: TokenVerifier;
}

export const createDesk = (
  { generations, feed, tokens }: DeskDeps,
  { seats, language, onAdmitted }: { seats: Seats; language: Language; onAdmitted: () => void },
): Desk => ({
  async admit(token) {
    const caller = await tokens.verify(token);
    if (caller.scopes && !caller.scopes.includes('images')) throw new Problem(notFound);
    onAdmitted();
    const { exp } = tokens.isKey(token) ? {} : decodeJwt(token);
    return { caller, ...(exp !== undefined && { until: new Date(exp * 1000) }) };
  },
  takeSeat: (userId) => seats.take(userId),
  subscribe: (id) => feed.subscribe(generationTopic, id),
  read: async (caller, id) => toImage(await generations.read(caller, id), language),
  async cancel(caller, id) {
    requireRole(caller, 'member');
    return toImage(await generations.cancel(caller, id), language);
  },
});

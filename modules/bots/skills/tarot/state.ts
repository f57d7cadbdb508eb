import { z } from 'zod';
import type { Turn } from '../../contract.ts';

const stateSchema = z.object({
  /** What the person is to write or press next. */
  step: z.enum(['spread', 'question', 'cards', 'naming', 'over']),
  spread: z.string().optional(),
  question: z.string().optional(),
  /** Of what is over: the message whose button ended it. */
  messageId: z.number().optional(),
});

/** How far a person is with the next reading. */
export type TarotState = z.output<typeof stateSchema>;

/** @returns undefined for none, and for what an older release remembered in another way */
export const stateOf = ({ user }: Pick<Turn, 'user'>): TarotState | undefined =>
  stateSchema.safeParse(user.state.tarot).data;

import { defineProvider } from '../../../platform/runtime/boot.ts';
import type { Skill } from '../contract.ts';

/** Everything that bots can do; a bot has some of it. A new skill is one folder, and a line here. */
export const skills = defineProvider([], async (): Promise<readonly Skill[]> => []);

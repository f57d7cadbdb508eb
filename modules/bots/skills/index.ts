import type { Boot } from '../../../platform/runtime/boot.ts';
import type { Skill } from '../contract.ts';
import { askSkill } from './ask/provide-ask-skill.ts';
import { imageSkill } from './image/provide-image-skill.ts';
import { tarotSkill } from './tarot/provide-tarot-skill.ts';

/** Everything that bots can do; a bot has some of it. A new skill is one folder, and a line here. */
export async function skills(boot: Boot): Promise<readonly Skill[]> {
  const { tarot, ask, image } = await boot.useAll({ tarot: tarotSkill, ask: askSkill, image: imageSkill });
  return [tarot, ask, image];
}

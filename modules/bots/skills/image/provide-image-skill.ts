import type { Boot } from '../../../../platform/runtime/boot.ts';
import { database } from '../../../../platform/runtime/providers/database.ts';
import { queue } from '../../../../platform/runtime/providers/queue.ts';
import { generations } from '../../../pictures/generations/provide-generations.ts';
import type { Skill } from '../../contract.ts';
import { createImageSkill } from './create-image-skill.ts';

export const imageSkill = async (boot: Boot): Promise<Skill> =>
  createImageSkill(await boot.useAll({ database, queue, generations }));

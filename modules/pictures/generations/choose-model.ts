import { randomInt } from 'node:crypto';
import { Problem } from '../../../platform/kernel/problem.ts';
import { type ImageCatalogue, misfitOf, type OfferedModel } from '../../models/images/catalogue.ts';
import type { SizeRule } from '../../models/images/sizes.ts';
import { countNotOffered, modelNotOffered, promptTooLong, providerUnavailable, sizeNotOffered } from '../problems.ts';
import type { AskedPictures } from './contract.ts';

/** A request with everything that it left open. */
export interface ChosenTask {
  model: OfferedModel;
  prompt: string;
  width: number;
  height: number;
  count: number;
  seed: number;
}

/** Seeds are below this. */
const SEEDS = 2 ** 31;

/**
 * Fills in what a request leaves open.
 * @throws Problem provider-unavailable, model-not-offered, size-not-offered, count-not-offered, prompt-too-long
 */
export function chooseTask(catalogue: ImageCatalogue, asked: AskedPictures): ChosenTask {
  const offered = catalogue.models();
  if (offered.length === 0) throw new Problem(providerUnavailable);
  const model = asked.model === undefined ? offered[0] : catalogue.find(asked.model);
  if (!model) {
    const names = offered.map(({ name }) => name).join(', ');
    throw new Problem(modelNotOffered, { parameters: { model: asked.model ?? '', offered: names } });
  }
  const { width = asked.height ?? model.defaultSize.width, height = asked.width ?? model.defaultSize.height } = asked;
  const { prompt, count = 1, seed = randomInt(SEEDS) } = asked;
  const task = { model, prompt, width, height, count, seed };
  const { name } = model;
  switch (misfitOf(model, task)) {
    case 'size':
      throw new Problem(sizeNotOffered, {
        parameters: { model: name, width, height, offered: sizeWords(model.sizes) },
      });
    case 'count':
      throw new Problem(countNotOffered, { parameters: { model: name, limit: model.maxCount } });
    case 'prompt':
      throw new Problem(promptTooLong, { parameters: { model: name, limit: model.maxPromptCharacters } });
    default:
      return task;
  }
}

function sizeWords(rule: SizeRule): { en: string; ru: string } {
  if ('sizes' in rule) {
    const listed = rule.sizes.map(({ width, height }) => `${width} × ${height}`).join(', ');
    return { en: listed, ru: listed };
  }
  const { multipleOf, minSide, maxSide, maxPixels, maxRatio } = rule;
  return {
    en: `sides from ${minSide} to ${maxSide} in steps of ${multipleOf}, at most ${maxPixels} pixels, up to ${maxRatio}:1`,
    ru: `стороны от ${minSide} до ${maxSide} с шагом ${multipleOf}, не больше ${maxPixels} точек, до ${maxRatio}:1`,
  };
}

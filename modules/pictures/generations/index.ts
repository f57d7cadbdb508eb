export type { AskedPictures, Asker, Generations } from './contract.ts';
export { createGenerations } from './create-generations.ts';
export { listImages } from './find.ts';
export { generationTopic } from './topics.ts';

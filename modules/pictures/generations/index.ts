export type { AskedPictures, Generations, Position } from './contract.ts';
export { createGenerations } from './create-generations.ts';
export { generationsTopic, generationTopic } from './topics.ts';

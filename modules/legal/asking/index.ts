export { type Answer, answerSchema, type ShownAnswer, toShownPassage } from './answer.ts';
export { type AskDeps, answerQuestion } from './answer-question.ts';
export type { AskEvent } from './produce-answer.ts';

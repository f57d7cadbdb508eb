export { type Answer, answerSchema, askEventsSchema, type ShownAnswer, toShownPassage } from './answer.ts';
export { answerOnce, type OnceDeps } from './answer-once.ts';
export { type AskDeps, type Asking, answerQuestion } from './answer-question.ts';
export type { AskEvent } from './produce-answer.ts';

export { isAsking, isPutting } from './asking-words.ts';
export type { QuestionWord } from './question-words.ts';
export { type Meaning, type ReadQuestion, readQuestion, type Sought } from './read-question.ts';
export type { Turn } from './standalone-question.ts';

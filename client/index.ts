export { type Client, createClient } from './client.ts';
export { type Problem, ProblemError } from './problem.ts';

/** What an operator has done with a unit from the console. */
export const unitActions = [
  'deploy',
  'restart',
  'rollback',
  'canary',
  'promote',
  'abort',
  'preview',
  'end-preview',
  'scale',
] as const;

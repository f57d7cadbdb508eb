import { expect, it } from 'vitest';
import { TooManyPieces, UploadGone } from '../../../platform/capabilities/storage/index.ts';
import { toUploadProblem } from './upload-problem.ts';

it.each([
  [new UploadGone('a'), { status: 404, type: 'not-found' }],
  [new TooManyPieces('a', 2_000), { status: 413, type: 'too-many-pieces' }],
])('tells a client that an upload cannot be continued: %s', (error, expected) => {
  expect(toUploadProblem(error)).toMatchObject({ definition: expected });
});

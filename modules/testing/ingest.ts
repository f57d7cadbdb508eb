import * as module from '../../workers/ingest/handle.ts';
import manifest from '../../workers/ingest/worker.ts';
import { bundledReading } from '../legal/reading/fixtures/bundled-reading.ts';

/** The worker that reads documents, for tests of what comes before or after that. */
export const testIngest = {
  name: 'ingest',
  manifest,
  module: { ...module, provide: { ...module.provide, ...bundledReading } },
};

import type { ChangeEvent } from '../control/contract.ts';
import type { Counters } from './counters.ts';
import type { EdgeAnswers } from './edge-answers.ts';
import { countRelease } from './platform-events.ts';
import { countEdgeAnswers, readFigures } from './read-figures.ts';
import { openSources, type SourcesOptions } from './sources/open-sources.ts';

/** The metrics of a platform. */
export interface Figures {
  /** All of them as one Prometheus text. */
  read(): Promise<string>;
  /** Counts what became of a deploy or a rollback, where the event tells that. */
  noteRelease(event: ChangeEvent): void;
  stop(): Promise<void>;
}

interface FiguresOptions extends SourcesOptions {
  records: { counters: Counters; edgeAnswers: EdgeAnswers };
}

/** Opens what metrics are read from. What is counted by looking is counted from now on, whether or not anyone reads it. */
export function startFigures({ records: { counters, edgeAnswers }, ...options }: FiguresOptions): Figures {
  const { units } = options;
  const sources = openSources(options);
  const counting = countEdgeAnswers(units, edgeAnswers);
  const read = () => readFigures({ units, counters, edgeAnswers, sources: sources.all });
  // Counters of the supervisor before begin to be continued now, not when someone reads them and this one has counted already.
  void read();
  return {
    read,
    noteRelease: (event) => countRelease(counters, event),
    async stop() {
      counting.stop();
      await sources.close();
    },
  };
}

import { shortRelease } from './figures.ts';

/** A release by the beginning of its name, whole on hover; a dash for none. */
export const ReleaseName = ({ release }: { release: string | null | undefined }) =>
  release ? (
    <code title={release} className="whitespace-nowrap">
      {shortRelease(release)}
    </code>
  ) : (
    '–'
  );

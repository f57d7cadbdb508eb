/** The conversations of the person, for the column on the left. */
export function Conversations(_: { onLeave?: () => void }) {
  return null;
}

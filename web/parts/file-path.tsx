/** A path in one line that is cut at its start where it is too long: files of one folder are told apart by their names. */
export function FilePath({ path }: { path: string }) {
  if (!path.includes('/')) return <span className="block truncate">{path}</span>;
  // What overflows is cut where a line ends, which is at the left in a text from right to left; the path itself is none.
  return (
    <span dir="rtl" className="block truncate text-left">
      <bdi>{path}</bdi>
    </span>
  );
}

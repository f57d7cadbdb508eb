/** An immutable build of a unit: its code, its manifest and its environment. The id is a digest of all three. */
export interface Release {
  id: string;
  unit: string;
  folder: string;
  entry: string;
}

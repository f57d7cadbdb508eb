import { useId } from 'react';

export interface Pickable {
  id: string;
  text: string;
}

/** A list of which any number can be chosen; long ones scroll within it. */
export function PickList({
  label,
  items,
  chosen,
  onToggle,
  isFull = false,
}: {
  label: string;
  items: readonly Pickable[];
  /** Ids. */
  chosen: ReadonlySet<string>;
  onToggle: (item: Pickable) => void;
  /** No more may be chosen. */
  isFull?: boolean;
}) {
  const id = useId();
  return (
    <fieldset aria-labelledby={id} className="min-w-0">
      <legend id={id} className="sr-only">
        {label}
      </legend>
      <ul className="max-h-[40dvh] overflow-y-auto rounded-md border border-line">
        {items.map((item) => (
          <li key={item.id}>
            <label className="flex min-h-10 items-center gap-3 px-3 py-2 hover:bg-accent-soft">
              <input
                type="checkbox"
                checked={chosen.has(item.id)}
                disabled={isFull && !chosen.has(item.id)}
                onChange={() => onToggle(item)}
              />
              <span dir="auto" className="min-w-0 break-words">
                {item.text}
              </span>
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

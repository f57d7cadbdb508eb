import type { ReactNode } from 'react';

/** Names with their values, two columns where there is room. */
export function Facts({ facts }: { facts: [name: string, value: ReactNode][] }) {
  return (
    <dl className="grid gap-x-6 gap-y-2 text-sm sm:grid-cols-[max-content_1fr]">
      {facts.map(([name, value]) => (
        <div key={name} className="grid sm:contents">
          <dt className="text-muted">{name}</dt>
          <dd dir="auto" className="min-w-0">
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}

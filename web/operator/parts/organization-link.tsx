import { Go } from '../app/go.tsx';
import { segment } from '../app/place.ts';

/** An organization by the beginning of its id: lists of what it does do not say its name. */
export const OrganizationLink = ({ id }: { id: string }) => (
  <Go to={`/organizations/${segment(id)}`}>
    <code title={id} className="whitespace-nowrap">
      {id.slice(0, 8)}
    </code>
  </Go>
);

import { useMeQuery } from '../../app/me.ts';

/** What is read of the person, under the key that the app has it by. */
export const ACCESS = ['readMe'];

/** Whether the person administers the platform; undefined until it was read. To all others the API answers as if there were no console. */
export function useAccess() {
  const me = useMeQuery();
  return { ...me, isAdministrator: me.data?.administrator };
}

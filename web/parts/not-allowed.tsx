import { useWords } from '../app/language.tsx';
import type { Role } from '../app/me.ts';
import { roles } from '../app/roles.ts';
import { Notice } from './notice.tsx';

const words = {
  en: (role: string) => `Your role does not include this. Ask a person with the role “${role}” in your organization.`,
  ru: (role: string) => `Ваша роль этого не позволяет. Обратитесь к сотруднику с ролью «${role}» в Вашей организации.`,
};

/** What a screen says to a person whose role may not do what it is for. */
export function NotAllowed({ least }: { least: Role }) {
  return <Notice tone="warn">{useWords(words)(useWords(roles)[least].name)}</Notice>;
}

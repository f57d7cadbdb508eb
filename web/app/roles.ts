import type { Role } from './me.ts';

interface RoleWords {
  name: string;
  /** What it may, in addition to the roles below it. */
  may: string;
}

const en: Record<Role, RoleWords> = {
  viewer: { name: 'Viewer', may: 'asks, searches and reads documents' },
  member: { name: 'Member', may: 'also uploads and deletes documents, makes API keys' },
  admin: { name: 'Administrator', may: 'also manages people and keys, reads the audit log and invoices' },
  owner: { name: 'Owner', may: 'also pays, exports and erases the organization' },
};

const ru: Record<Role, RoleWords> = {
  viewer: { name: 'Читатель', may: 'задаёт вопросы, ищет и читает документы' },
  member: { name: 'Участник', may: 'также загружает и удаляет документы, создаёт ключи API' },
  admin: { name: 'Администратор', may: 'также управляет сотрудниками и ключами, видит журнал действий и счета' },
  owner: { name: 'Владелец', may: 'также оплачивает, выгружает и удаляет данные организации' },
};

export const roles = { en, ru };

import type { Language } from '../../../../platform/kernel/problem.ts';

interface Words {
  command: string;
  fresh: string;
  welcome: string;
  link: string;
  ask: string;
  tooLong: (most: number) => string;
  begun: string;
  sources: string;
  page: (page: number) => string;
  more: (count: number) => string;
}

export const words: Record<Language, Words> = {
  ru: {
    command: 'Спросить о документах',
    fresh: 'Начать новый разговор',
    welcome: 'Спросите о документах Вашей организации: отвечу по ним и покажу, на какие слова опирается ответ.',
    link: 'Чтобы отвечать по документам, мне нужно знать, кто Вы. Откройте Pandect, создайте ссылку на этого бота и перейдите по ней: она действует десять минут.',
    ask: 'Напишите вопрос, например: «Какой срок аренды по договору?»',
    tooLong: (most) => `Вопрос слишком длинный: в нём может быть не больше ${most} знаков.`,
    begun: 'Начинаем новый разговор. Прежние вопросы больше не учитываются.',
    sources: 'Источники',
    page: (page) => `стр. ${page}`,
    more: (count) => `и ещё источников: ${count}`,
  },
  en: {
    command: 'Ask about the documents',
    fresh: 'Begin a new conversation',
    welcome:
      'Ask about the documents of your organization: I answer from them, and show which words an answer rests on.',
    link: 'To answer from documents I need to know who you are. Open Pandect, make a link to this bot and follow it: it works for ten minutes.',
    ask: 'Write a question, such as: “What is the term of the lease?”',
    tooLong: (most) => `The question is too long: it may have ${most} characters at most.`,
    begun: 'This begins a new conversation. Earlier questions do not count any more.',
    sources: 'Sources',
    page: (page) => `p. ${page}`,
    more: (count) => `and ${count} more`,
  },
};

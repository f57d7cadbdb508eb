const en = {
  heading: 'Documents to answer from',
  all: 'Answer from all documents',
  only: 'Answer only from:',
  choose: 'Choose documents',
  change: 'Change',
  more: (count: string) => `and ${count} more`,
  leaveOut: (title: string) => `Leave out ${title}`,
  hint: 'Answers in this conversation rest on the chosen documents alone. Without a choice, all documents are searched.',
  find: 'Words of the title',
  none: 'No document matches.',
  list: 'Documents',
  chosen: (count: string, most: string) => `Chosen: ${count} of at most ${most}`,
  clear: 'Clear the choice',
  done: 'Done',
};

const ru: typeof en = {
  heading: 'По каким документам отвечать',
  all: 'Ответ по всем документам',
  only: 'Ответ только по документам:',
  choose: 'Выбрать документы',
  change: 'Изменить',
  more: (count) => `и ещё ${count}`,
  leaveOut: (title) => `Убрать ${title}`,
  hint: 'Ответы в этой беседе опираются только на выбранные документы. Без выбора поиск идёт по всем.',
  find: 'Слова из названия',
  none: 'Подходящих документов нет.',
  list: 'Документы',
  chosen: (count, most) => `Выбрано: ${count}, не больше ${most}`,
  clear: 'Снять выбор',
  done: 'Готово',
};

export const words = { en, ru };

const stepsEn: Record<string, string> = {
  build: 'built',
  start: 'started',
  switch: 'switched to',
  watch: 'watched',
  drain: 'drained',
  canary: 'canary',
  preview: 'preview',
  fallback: 'another release instead',
  settings: 'settings',
  done: 'done',
  unchanged: 'nothing had changed',
  restored: 'failed; the release before serves again',
  failed: 'failed',
};

const en = {
  heading: (unit: string) => `Change of ${unit}`,
  steps: stepsEn,
  waiting: 'under way…',
  lost: 'The connection is lost and will be made again; the change continues.',
  done: 'The change is done.',
  failed: 'The change failed. What served before serves on.',
  log: 'Log',
  gone: 'The steps of this change are no longer known. The history below says what became of it.',
  close: 'Hide',
};

const ru: typeof en = {
  heading: (unit) => `Изменение ${unit}`,
  steps: {
    build: 'собран',
    start: 'запущен',
    switch: 'переключение на',
    watch: 'проверен под нагрузкой',
    drain: 'прежние процессы завершены',
    canary: 'канарейка',
    preview: 'предпросмотр',
    fallback: 'вместо него другой выпуск',
    settings: 'настройки',
    done: 'готово',
    unchanged: 'ничего не изменилось',
    restored: 'не удалось; снова работает прежний выпуск',
    failed: 'не удалось',
  },
  waiting: 'выполняется…',
  lost: 'Связь потеряна и будет восстановлена; изменение продолжается.',
  done: 'Изменение завершено.',
  failed: 'Изменение не удалось. Работает то же, что и раньше.',
  log: 'Журнал',
  gone: 'Шаги этого изменения больше не известны. Чем оно кончилось, сказано в истории ниже.',
  close: 'Скрыть',
};

export const progressWords = { en, ru };

const en = {
  change: 'Change…',
  changeNamed: (unit: string) => `Change ${unit}`,
  action: 'What',
  actions: { deploy: 'deploy what the checkout holds', restart: 'restart', scale: 'number of processes' },
  explain: {
    deploy: (unit: string) =>
      `“${unit}” is built from the checkout and takes over without a lost request. A release that fails is not switched to.`,
    restart: (unit: string) =>
      `The processes of “${unit}” are replaced one after the other; requests in flight end first.`,
    scale: (unit: string) => `“${unit}” keeps this number of processes. Leave it empty to let the load decide.`,
  },
  instances: 'Processes',
  byLoad: 'by load',
  begin: 'Begin',
};

const ru: typeof en = {
  change: 'Изменить…',
  changeNamed: (unit) => `Изменить ${unit}`,
  action: 'Что сделать',
  actions: { deploy: 'развернуть содержимое рабочей копии', restart: 'перезапустить', scale: 'число процессов' },
  explain: {
    deploy: (unit) =>
      `«${unit}» собирается из рабочей копии и сменяет прежний выпуск без потери запросов. На неудавшийся выпуск переключения не будет.`,
    restart: (unit) => `Процессы «${unit}» заменяются по одному; начатые запросы завершаются.`,
    scale: (unit) => `У «${unit}» будет столько процессов. Оставьте поле пустым, чтобы решала нагрузка.`,
  },
  instances: 'Процессов',
  byLoad: 'по нагрузке',
  begin: 'Начать',
};

export const changeWords = { en, ru };

import type { FigureName, ModelPolicy } from './plan-figures.tsx';

const figuresEn: Record<FigureName, string> = {
  questionsPerDay: 'Questions a day',
  questionsPerMonth: 'Questions a month',
  concurrentQuestions: 'Questions at the same time',
  maxTokensPerQuestion: 'Tokens a question, at most',
  documents: 'Documents',
  storageBytes: 'Storage',
  fileBytes: 'Size of a file',
  users: 'People',
};

const figuresRu: typeof figuresEn = {
  questionsPerDay: 'Вопросов в день',
  questionsPerMonth: 'Вопросов в месяц',
  concurrentQuestions: 'Одновременных вопросов',
  maxTokensPerQuestion: 'Токенов на вопрос, не более',
  documents: 'Документов',
  storageBytes: 'Хранилище',
  fileBytes: 'Размер файла',
  users: 'Сотрудников',
};

const policiesEn: Record<ModelPolicy, string> = {
  standard: 'standard',
  advanced: 'advanced',
  'advanced-when-complex': 'advanced when the question is complex',
};

const en = {
  figures: figuresEn,
  inBytes: (figure: string) => `${figure}, bytes`,
  modelPolicy: 'Models',
  policies: policiesEn,
  planned: (value: string) => `as in the plan: ${value}`,
};

const ru: typeof en = {
  figures: figuresRu,
  inBytes: (figure) => `${figure}, байт`,
  modelPolicy: 'Модели',
  policies: {
    standard: 'стандартные',
    advanced: 'продвинутые',
    'advanced-when-complex': 'продвинутые для сложных вопросов',
  },
  planned: (value) => `по тарифу: ${value}`,
};

export const figureWords = { en, ru };

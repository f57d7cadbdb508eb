import type { Schemas } from '@pandect/client';
import { useLanguage, useWords } from '../../app/language.tsx';
import { formatNumber } from '../../app/plural.ts';
import { formatBytes } from '../../parts/bytes.ts';
import { Choice, Field } from '../../parts/field.tsx';
import { figureWords } from './figure-words.ts';

type Figures = Schemas['AdministeredOrganizationDetail']['plan'];
export type FigureName = Exclude<keyof Figures, 'modelPolicy'>;
export type ModelPolicy = Figures['modelPolicy'];

/** In the order in which they are shown; all whole numbers. */
export const figureNames = [
  ...(['questionsPerDay', 'questionsPerMonth', 'concurrentQuestions', 'maxTokensPerQuestion'] as const),
  ...(['documents', 'storageBytes', 'fileBytes', 'users'] as const),
] satisfies FigureName[];

const isBytes = (name: FigureName): boolean => name === 'storageBytes' || name === 'fileBytes';

/** A figure as people read it. */
export function useFigureText(): (name: FigureName, value: number) => string {
  const { language } = useLanguage();
  return (name, value) => (isBytes(name) ? formatBytes(language, value) : formatNumber(language, value));
}

/** Figures as they are typed, by their names; an empty one keeps the plan's. */
export type TypedFigures = Record<FigureName, string> & { modelPolicy: ModelPolicy | '' };

export const typedFigures = (figures: { [Name in keyof Figures]: Figures[Name] | null }): TypedFigures => ({
  ...(Object.fromEntries(figureNames.map((name) => [name, figures[name]?.toString() ?? ''])) as Record<
    FigureName,
    string
  >),
  modelPolicy: figures.modelPolicy ?? '',
});

/** What was typed as the API takes it; null for what was left empty. */
export const readFigures = (typed: TypedFigures) => ({
  ...(Object.fromEntries(
    figureNames.map((name) => [name, typed[name].trim() === '' ? null : Number(typed[name])]),
  ) as Record<FigureName, number | null>),
  modelPolicy: typed.modelPolicy === '' ? null : typed.modelPolicy,
});

/** Fields for all figures. @param planned the plan's own values, where empty fields are allowed and keep them */
export function FigureFields({
  typed,
  onType,
  errors,
  planned,
}: {
  typed: TypedFigures;
  onType: (change: Partial<TypedFigures>) => void;
  errors: Record<string, string>;
  planned?: Figures;
}) {
  const texts = useWords(figureWords);
  const figureText = useFigureText();
  const policies = Object.entries(texts.policies).map(([value, text]) => ({ value: value as ModelPolicy, text }));
  const hint = (name: FigureName) => {
    const value = typed[name].trim() === '' ? planned?.[name] : isBytes(name) ? Number(typed[name]) : undefined;
    if (value === undefined || Number.isNaN(value)) return undefined;
    return typed[name].trim() === '' ? texts.planned(figureText(name, value)) : figureText(name, value);
  };
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {figureNames.map((name) => (
        <Field
          key={name}
          label={isBytes(name) ? texts.inBytes(texts.figures[name]) : texts.figures[name]}
          hint={hint(name)}
          inputMode="numeric"
          pattern="[0-9]*"
          required={!planned}
          value={typed[name]}
          error={errors[name]}
          onChange={(event) => onType({ [name]: event.currentTarget.value })}
        />
      ))}
      <Choice
        label={texts.modelPolicy}
        error={errors.modelPolicy}
        value={typed.modelPolicy}
        options={[
          ...(planned ? [{ value: '' as const, text: texts.planned(texts.policies[planned.modelPolicy]) }] : []),
          ...policies,
        ]}
        onChoose={(modelPolicy) => onType({ modelPolicy })}
      />
    </div>
  );
}

import type { XmlElement } from '../markup/xml-events.ts';

/** What a content control's properties say of its value, for those whose content shows none. */
export interface ContentControl {
  isChecked?: boolean;
  chosen?: string;
  date?: string;
  /** Shown words by value. */
  choices: Map<string, string>;
}

const mostChoices = 1000;

export function setControlProperty(control: ContentControl, { name, attribute }: XmlElement): void {
  if (name === 'w14:checkbox') control.isChecked ??= false;
  else if (name === 'w14:checked') control.isChecked = !['0', 'false'].includes(attribute('w14:val') ?? '1');
  else if (name === 'w:dropDownList' || name === 'w:comboBox') control.chosen = attribute('w:lastValue') ?? '';
  else if (name === 'w:date') control.date = attribute('w:fullDate') ?? '';
  else if (name === 'w:listItem' && control.choices.size < mostChoices) {
    const value = attribute('w:value') ?? '';
    control.choices.set(value, attribute('w:displayText') ?? value);
  }
}

export function controlValue({ isChecked, chosen, date, choices }: ContentControl): string | undefined {
  if (isChecked !== undefined) return isChecked ? '☒' : '☐';
  if (chosen !== undefined) return choices.get(chosen) ?? chosen;
  return date?.replace(/T.*$/, '');
}

/** A rank of the minor arcana. */
export interface Rank {
  /** From 1 (ace) to 14 (king). */
  number: number;
  en: string;
  ru: string;
  aliasesEn: readonly string[];
  aliasesRu: readonly string[];
  /** How people write it; `~` stands for any ending of a Russian word. */
  patterns: readonly string[];
}

const rank = (
  number: number,
  [en, ...aliasesEn]: readonly [string, ...string[]],
  [ru, ...aliasesRu]: readonly [string, ...string[]],
  patterns: readonly string[],
): Rank => ({ number, en, ru, aliasesEn, aliasesRu, patterns });

export const ranks: readonly Rank[] = [
  rank(1, ['Ace'], ['Туз'], ['ace', '1', 'i', 'туз~', 'один']),
  rank(2, ['Two'], ['Двойка'], ['two', '2', 'ii', 'двойк~', 'два', 'двух']),
  rank(3, ['Three'], ['Тройка'], ['three', '3', 'iii', 'тройк~', 'три', 'трех']),
  rank(4, ['Four'], ['Четвёрка'], ['four', '4', 'iv', 'iiii', 'четверк~', 'четыре']),
  rank(5, ['Five'], ['Пятёрка'], ['five', '5', 'v', 'пятерк~', 'пять']),
  rank(6, ['Six'], ['Шестёрка'], ['six', '6', 'vi', 'шестерк~', 'шесть']),
  rank(7, ['Seven'], ['Семёрка'], ['seven', '7', 'vii', 'семерк~', 'семь']),
  rank(8, ['Eight'], ['Восьмёрка'], ['eight', '8', 'viii', 'восьмерк~', 'восемь']),
  rank(9, ['Nine'], ['Девятка'], ['nine', '9', 'ix', 'девятк~', 'девять']),
  rank(10, ['Ten'], ['Десятка'], ['ten', '10', 'x', 'десятк~', 'десять']),
  rank(11, ['Page', 'Knave'], ['Паж', 'Валет'], ['page', 'knave', 'паж~', 'валет~']),
  rank(12, ['Knight'], ['Рыцарь', 'Всадник'], ['knight', 'рыцар~', 'всадник~']),
  rank(13, ['Queen'], ['Королева', 'Дама'], ['queen', 'королев~', 'дам~']),
  rank(14, ['King'], ['Король'], ['king', 'корол~']),
];

import type { Language } from '../../../../platform/kernel/problem.ts';
import { LONGEST_QUESTION } from './safety/clean-question.ts';

/** What the bot says of readings. */
export interface TarotWords {
  welcome: string;
  dayButton: string;
  menuButton: string;
  chooseSpread: string;
  yourQuestion: string;
  askQuestion: string;
  withoutQuestion: string;
  chooseCards(count: number): string;
  drawButton: string;
  nameButton: string;
  nameCards(count: number): string;
  unknownCard(words: string, nearest: readonly string[]): string;
  wrongCount(found: number, count: number): string;
  cardTwice(card: string): string;
  questionTooLong: string;
  notText: string;
  nothingPending: string;
  position(name: string, card: string): string;
  entertainment: string;
  fromTable: string;
  withoutModel: string;
  stopped: string;
  sameAsBefore: string;
  sameDay: string;
  inLine(place: number, seconds: number): string;
  failed: string;
  busy: string;
  refused: string;
  againButton: string;
  crisis: string;
}

const englishCards = (count: number) => (count === 1 ? 'one card' : `${count} cards`);

function russianCards(count: number): string {
  if (count === 1) return 'одну карту';
  return `${count} ${count < 5 ? 'карты' : 'карт'}`;
}

export const words: Record<Language, TarotWords> = {
  en: {
    welcome:
      'I lay tarot cards: ask a question, draw the cards or name your own, and I interpret the spread. For adults (18+).',
    dayButton: '🌅 Card of the day',
    menuButton: '🔮 New reading',
    chooseSpread: 'Choose a spread:',
    yourQuestion: 'Your question',
    askQuestion: 'Write your question in one message, or go on without one.',
    withoutQuestion: 'Without a question',
    chooseCards: (count) => `Draw ${englishCards(count)}, or name those that you drew yourself?`,
    drawButton: '🎴 Draw for me',
    nameButton: '✍️ I name them',
    nameCards: (count) =>
      `Write ${englishCards(count)} in the order of the positions, separated by commas. For example: The Moon, Ace of Cups reversed.`,
    unknownCard: (name, nearest) =>
      nearest.length > 0
        ? `I do not know the card “${name}”. Did you mean: ${nearest.join(', ')}? Please write all cards again.`
        : `I do not know the card “${name}”. Please write all cards again.`,
    wrongCount: (found, count) => `I need ${englishCards(count)} and read ${found}. Please write them again.`,
    cardTwice: (card) => `The deck has the card “${card}” only once. Please write the cards again.`,
    questionTooLong: `Please shorten the question to ${LONGEST_QUESTION} characters.`,
    notText: 'Please write the question in words.',
    nothingPending: 'This spread is over. Choose a new one:',
    position: (name, card) => `${name}: ${card}`,
    entertainment: 'A reading is entertainment and no medical, legal or financial advice.',
    fromTable:
      'The interpretation did not work out this time, so here are the meanings of the cards. Nothing was charged.',
    withoutModel: 'No language model is connected: these are the meanings of the cards.',
    stopped: 'Stopped at your request.',
    sameAsBefore:
      'You asked the same with the same cards within a day, so the reading is the same. Nothing was charged.',
    sameDay: 'Your card of this day. A new one comes tomorrow.',
    inLine: (place, seconds) => `⏳ You are number ${place} in line; about ${seconds} s.`,
    failed:
      'I am sorry, the interpretation could not be written just now. Nothing was charged, and your cards are kept: try again in a minute.',
    busy: 'I am sorry, too many people are asking just now. Nothing was charged, and your cards are kept: try again a little later.',
    refused: 'I am sorry, the cards are silent on this topic. Nothing was charged. Please ask about something else.',
    againButton: '🔁 Try again',
    crisis:
      'It sounds as if you are going through something very hard. Cards cannot help with that, but people can, right now and for free.\n\n• Emergency: 112 (Europe), 911 (US), 999 (UK)\n• US and Canada: call or text 988\n• UK and Ireland: 116 123 (Samaritans)\n• Other countries: findahelpline.com\n\nIf someone is near you, tell them how you feel. You do not have to be alone with this. Nothing was charged.',
  },
  ru: {
    welcome:
      'Я раскладываю Таро: задайте вопрос, вытяните карты или назовите свои, и я истолкую расклад. Только для взрослых (18+).',
    dayButton: '🌅 Карта дня',
    menuButton: '🔮 Новый расклад',
    chooseSpread: 'Выберите расклад:',
    yourQuestion: 'Ваш вопрос',
    askQuestion: 'Напишите вопрос одним сообщением или продолжите без него.',
    withoutQuestion: 'Без вопроса',
    chooseCards: (count) => `Вытянуть ${russianCards(count)} за Вас, или Вы назовёте те, что вытянули сами?`,
    drawButton: '🎴 Вытянуть',
    nameButton: '✍️ Назову сам(а)',
    nameCards: (count) =>
      `Напишите ${russianCards(count)} в порядке позиций через запятую. Например: Луна, перевёрнутый туз кубков.`,
    unknownCard: (name, nearest) =>
      nearest.length > 0
        ? `Не знаю карты «${name}». Возможно, Вы имели в виду: ${nearest.join(', ')}? Напишите, пожалуйста, все карты ещё раз.`
        : `Не знаю карты «${name}». Напишите, пожалуйста, все карты ещё раз.`,
    wrongCount: (found, count) =>
      `Для расклада нужно назвать ${russianCards(count)}, а названо: ${found}. Напишите их, пожалуйста, ещё раз.`,
    cardTwice: (card) => `Карта «${card}» в колоде одна. Напишите, пожалуйста, карты ещё раз.`,
    questionTooLong: `Сократите, пожалуйста, вопрос до ${LONGEST_QUESTION} знаков.`,
    notText: 'Напишите, пожалуйста, вопрос словами.',
    nothingPending: 'Этот расклад уже завершён. Выберите новый:',
    position: (name, card) => `${name}: ${card}`,
    entertainment: 'Расклад — развлечение и не заменяет медицинского, юридического или финансового совета.',
    fromTable: 'В этот раз истолковать расклад не получилось, поэтому вот значения карт. Ничего не списано.',
    withoutModel: 'Языковая модель не подключена: это значения карт.',
    stopped: 'Остановлено по Вашей просьбе.',
    sameAsBefore:
      'За последние сутки Вы уже спрашивали об этом с теми же картами, поэтому толкование то же. Ничего не списано.',
    sameDay: 'Ваша карта на сегодня. Новая будет завтра.',
    inLine: (place, seconds) => `⏳ Вы в очереди: место ${place}, примерно ${seconds} с.`,
    failed:
      'Простите, сейчас не получилось истолковать расклад. Ничего не списано, карты сохранены: попробуйте ещё раз через минуту.',
    busy: 'Простите, сейчас слишком много вопросов. Ничего не списано, карты сохранены: попробуйте немного позже.',
    refused: 'Простите, на эту тему карты молчат. Ничего не списано. Спросите, пожалуйста, о другом.',
    againButton: '🔁 Попробовать ещё раз',
    crisis:
      'Похоже, Вам сейчас очень тяжело. Карты здесь не помогут, а люди помогут — прямо сейчас и бесплатно.\n\n• Экстренная помощь: 112\n• Телефон доверия для детей, подростков и родителей: 8-800-2000-122\n• Психологическая помощь МЧС России, круглосуточно: +7 495 989-50-50\n• Другие страны: findahelpline.com\n\nЕсли рядом есть близкий человек, расскажите ему, что Вы чувствуете. Вы не должны оставаться с этим наедине. Ничего не списано.',
  },
};

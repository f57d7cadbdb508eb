import { stems } from '../../text/index.ts';

/**
 * Words with which people put a question rather than say what it is about, next to the stop words: they are rare in legal
 * text, and would otherwise weigh most.
 */
const russian = `сколько можно нельзя нужно надо должен должна должно должны обязан обязана обязаны вправе мочь может могут могу
  можем можете смогу сможет смогут хочу хочет хотим хотят хотел хотела хотели полагается положен положено положены
  разрешено разрешается запрещено законно реально правда правильно стоит будет будут буду делать сделать делают поступить
  случиться случится происходит получится придется приходится требует требуют считается скажите подскажите объясните
  расскажите покажите приведи приведите найди найдите помогите интересует знать узнать понять вопрос ответ скоро часто долго
  быстро сразу потом теперь сегодня завтра вчера пока просто совсем вообще вдруг человек люди людей кто-то что-то
  кто-нибудь что-нибудь куда-нибудь нам нами наш наша наше наши свои своего своей своих своим своими один одна раз
  оба обе пусть против значит назад самый самая самого самой самому оказаться оказалось выяснилось таки именно`;

const english = `may might shall must cannot want wants need needs allow allowed allows happen happens happened get gets got give gives
  tell show find explain describe say says said know list name please question answer somebody someone something anybody
  anyone anything everyone everything nobody nothing much many long often soon ever still already just really actually
  thing things people person one ones kind kinds way ways case cases let lets make makes made use uses used go goes
  concerning state states stated provide provides provided specify specified contain contains rule rules apply applies
  situation circumstances`;

let putting: ReadonlySet<string> | undefined;

/** Whether a stem is such a word, of either language. A search counts it for less, and finds it all the same. */
export function isPutting(stem: string): boolean {
  // Not at import: stemming them would take a part of a function's start.
  putting ??= new Set(stems(`${russian} ${english}`));
  return putting.has(stem);
}

/** Words that a question is made of rather than about, and names of codes, which name a document. */
const askingWords = `what which who whose how many much long often there any anyone someone please tell explain describe say says said
  states stated according regard regarding respect looking question answer document documents agreement contract
  happen happens between else possible must shall
  сколько кто кому кого почему зачем скажите подскажите объясните расскажите опишите приведите приведи сказано говорится
  какая какое каких какой каков какова каково содержание согласно вопрос ответ документ документы договор нужно надо должен должна
  должны может могут вправе указано предусмотрено положено тк гк ск ук нк апк гпк упк коап жк зк рф`;
let asking: ReadonlySet<string> | undefined;

/** Whether a stem belongs to the asking and not to what is asked about: no sentence answers because it has it. */
export function isAsking(stem: string): boolean {
  asking ??= new Set(stems(askingWords));
  return asking.has(stem);
}

/**
 * Words that say nothing about a text's subject, as `words` gives them (lower case, ё as е). "will" and "may" are left
 * out on purpose: a will and the month of May are subjects of legal text.
 */
export const russianStopWords: ReadonlySet<string> = new Set(
  `а без более бы был была были было быть в вам вас весь во вот все всего всех вы где да даже для до его ее ей ему
  если есть еще же за здесь и из или им их к как какая какие каким каких какое какой ко когда который которая которое
  которые которого которой которых которым кто куда ли либо лишь между меня мне можно мой мы на над надо наш не него нее
  ней нет ни них но ну о об однако он она они оно от по под при про с сам свой свою себя сейчас со так также такая такие
  таких такое такой там те тем то того той только том тот ты у уж уже хоть чего чей чем что чтобы чье эта эти этих это
  этого этой этом этот эту я`.split(/\s+/),
);

export const englishStopWords: ReadonlySet<string> = new Set(
  `a about after again all also am an and any are as at be because been before being below both but by can could d did do
  does doing during each few for from further had has have having he her here hers him his how i if in into is it its ll
  m me more most my nor not of off on once only or other our ours out over own re s same she should so some such t than
  that the their theirs them then there these they this those through to too under until up us ve very was we were what
  when where which while who whom why with would you your yours`.split(/\s+/),
);

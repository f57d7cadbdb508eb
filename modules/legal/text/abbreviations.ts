/** Abbreviations that something always follows: «ст. 5», «ул. Ленина», "Mr. Smith", "Smith v. Jones". */
export const leadingAbbreviations: ReadonlySet<string> = new Set(
  `ст п пп подп ч гл разд абз см ср напр т.е т.к ул пр-т просп пер пл наб ш бул дом кв корп стр оф пос с дер обл р-н
  им проф акад тел факс рис табл прил прим вып изд ред зам в вв н ок рег инв сб
  mr mrs ms dr prof st cf e.g i.e vs v viz`.split(/\s+/),
);

/** English abbreviations that are words as well, unless a number follows: "No. 7", "Art. IV", "Mar. 5". */
export const numberedAbbreviations: ReadonlySet<string> = new Set(
  `no nos art arts sec secs para paras cl ch pt p pp fig vol exh app reg
  jan feb mar apr jun jul aug sept sep oct nov dec`.split(/\s+/),
);

/** Abbreviations that may also be a sentence's last word: «и т. д.», «2020 г.», "Acme Inc.". */
export const trailingAbbreviations: ReadonlySet<string> = new Set(
  `т д т.д т.п др г гг руб коп тыс млн млрд трлн л лл экз чел мин сек час кг км см мм га э н.э
  inc ltd co corp llc llp plc jr sr esq etc al approx u.s u.k e.u u.s.c a.m p.m ed est dept govt`.split(/\s+/),
);

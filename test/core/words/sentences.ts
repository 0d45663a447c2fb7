import type { Locale } from "../../../src/core/words/locale.ts";

/** What readers of each language expect; written by hand. What comes from Looker ("2.5%", "14,683") stays as it is. */
export interface Sentences {
  readonly period: string;
  readonly periodAcrossMonths: string;
  readonly week: string;
  readonly quarter: string;
  readonly lead: string;
  readonly chip: string;
  readonly was: string;
  readonly change: string;
  readonly past: string;
  readonly soFar: string;
  readonly cut: string;
  readonly limit: string;
  readonly rest: string;
  readonly changes: string;
  readonly due: string;
  readonly ran: string;
  readonly unsubscribe: string;
  readonly filter: string;
  readonly texts: string;
  readonly more: string;
  readonly duration: string;
}

export const SENTENCES: Readonly<Record<Locale, Sentences>> = {
  en: {
    period: "9 to 15 November 2026",
    periodAcrossMonths: "26 October to 15 November 2026",
    week: "week from 16 November",
    quarter: "Q3 2026",
    lead: "Flights up 2.5% to 1,637, the highest in eight weeks; Delay worst in Denver at 24.1.",
    chip: "up 2.5%, no change, so far",
    was: "better than 14,683 the week before",
    change: "up 1,204 (8.2%) from 14,683 the week before: worse",
    past: "Line: the last twelve weeks",
    soFar: "X, so far (2 of 7 days)",
    cut: "8 of 1,246 rows, highest average delay first",
    limit: "50 of the first 5,000 rows",
    rest: "All 12,431 rows that Looker returned are attached.",
    changes: "1 new, 0 gone, 3 moved of 46 rows since X.",
    due: "Due Monday 16 November 2026, 08:00 EST",
    ran: "Run by Looker at 08:00 EST",
    unsubscribe: "You get this every Monday at 07:00 GMT through ops@example.com.|Stop this mail",
    filter: "Created is in the last 12 complete weeks",
    texts: "Status is a or b and doesn’t contain c",
    more: "ana and 2 more",
    duration: "1 min 23 s",
  },
  de: {
    period: "9. bis 15. November 2026",
    periodAcrossMonths: "26. Oktober bis 15. November 2026",
    week: "Woche ab 16. November",
    quarter: "3. Quartal 2026",
    lead: "Flights um 2.5% auf 1,637 gestiegen, der höchste Wert in acht Wochen; Delay am schlechtesten in Denver: 24.1.",
    chip: "gestiegen um 2.5%, unverändert, bisher",
    was: "besser als 14,683 in der Vorwoche",
    change: "1,204 (8.2%) mehr als 14,683 in der Vorwoche: schlechter",
    past: "Linie: die letzten zwölf Wochen",
    soFar: "X, bisher (2 von 7 Tagen)",
    cut: "8 von 1.246 Zeilen, höchster Wert von Average delay zuerst",
    limit: "50 der ersten 5.000 Zeilen",
    rest: "Alle 12.431 Zeilen, die Looker geliefert hat, sind angehängt.",
    changes: "1 neu, 0 weggefallen, 3 geändert von 46 Zeilen seit X.",
    due: "Fällig Montag, 16. November 2026, 08:00 EST",
    ran: "Abgefragt in Looker um 08:00 EST",
    unsubscribe: "Diese E-Mail kommt jeden Montag um 07:00 GMT an ops@example.com.|Abbestellen",
    filter: "Created: letzte 12 vollständige Wochen",
    texts: "Status: a oder b, enthält nicht c",
    more: "ana und 2 weitere",
    duration: "1 Min. 23 Sek.",
  },
  fr: {
    period: "du 9 au 15 novembre 2026",
    periodAcrossMonths: "du 26 octobre au 15 novembre 2026",
    week: "semaine du 16 novembre",
    quarter: "T3 2026",
    lead: "Flights en hausse de 2.5%, à 1,637, au plus haut en huit semaines\u202f; Delay le moins bon à Denver, à 24.1.",
    chip: "en hausse de 2.5%, stable, en cours",
    was: "mieux que 14,683 la semaine précédente",
    change: "en hausse de 1,204 (8.2%) par rapport à 14,683 la semaine précédente\u00a0: moins bien",
    past: "Courbe\u00a0: les douze dernières semaines",
    soFar: "X, en cours (2 jours sur 7)",
    cut: "8 sur 1\u202f246 lignes, average delay le plus élevé d’abord",
    limit: "50 sur les 5\u202f000 premières lignes",
    rest: "Les 12\u202f431 lignes renvoyées par Looker sont jointes.",
    changes: "1 nouvelle, 0 disparue, 3 modifiées sur 46 lignes depuis le X.",
    due: "Prévu lundi 16 novembre 2026 à 08:00 EST",
    ran: "Exécuté par Looker à 08:00 EST",
    unsubscribe:
      "Vous recevez cet e-mail chaque lundi à 07:00 GMT à l’adresse ops@example.com.|Ne plus recevoir cet e-mail",
    filter: "Created\u00a0: les 12 dernières semaines complètes",
    texts: "Status\u00a0: a ou b, ne contient pas c",
    more: "ana et 2 de plus",
    duration: "1 min 23 s",
  },
  es: {
    period: "del 9 al 15 de noviembre de 2026",
    periodAcrossMonths: "del 26 de octubre al 15 de noviembre de 2026",
    week: "semana del 16 de noviembre",
    quarter: "T3 de 2026",
    lead: "Subida del 2.5% en Flights, hasta 1,637, el valor más alto en ocho semanas; el peor valor de Delay, en Denver: 24.1.",
    chip: "sube 2.5%, sin cambios, hasta ahora",
    was: "mejor que 14,683 la semana anterior",
    change: "1,204 (8.2%) más que 14,683 la semana anterior: peor",
    past: "Línea: las últimas doce semanas",
    soFar: "X, hasta ahora (2 de 7 días)",
    cut: "8 de 1246 filas, primero el valor más alto de average delay",
    limit: "50 de las primeras 5000 filas",
    rest: "Las 12.431 filas que ha devuelto Looker van adjuntas.",
    changes: "1 nueva, 0 que ya no están, 3 cambiadas de 46 filas desde el X.",
    due: "Previsto: lunes, 16 de noviembre de 2026, 08:00 EST",
    ran: "Consultado en Looker a las 08:00 EST",
    unsubscribe: "Recibes este correo cada lunes a las 07:00 GMT en ops@example.com.|Dejar de recibirlo",
    filter: "Created: últimas 12 semanas completas",
    texts: "Status: a o b, no contiene c",
    more: "ana y 2 más",
    duration: "1 min 23 s",
  },
  ja: {
    period: "2026年11月9日～15日",
    periodAcrossMonths: "2026年10月26日～11月15日",
    week: "11月16日の週",
    quarter: "2026年第3四半期",
    lead: "Flightsは2.5%増の1,637（過去8週間で最高）、DelayはDenverが最も悪く24.1。",
    chip: "増加 2.5%, 変化なし, 集計途中",
    was: "前週の14,683から改善",
    change: "前週の14,683から1,204（8.2%）増（悪化）",
    past: "折れ線：過去12週間",
    soFar: "X、集計途中（7日中2日）",
    cut: "全1,246行中8行、Average delayの高い順",
    limit: "先頭5,000行中50行",
    rest: "Lookerから返された全12,431行を添付しています。",
    changes: "Xからの変更：46行中、新規1件、削除0件、変更3件。",
    due: "配信予定：2026年11月16日（月）08:00 EST",
    ran: "Looker実行：08:00 EST",
    unsubscribe: "このメールは毎週月曜日の07:00 GMTに、ops@example.com宛てに配信されています。|配信停止",
    filter: "Created：過去12週間（完了した期間のみ）",
    texts: "Status：aまたはb、cを含まない",
    more: "ana、ほか2件",
    duration: "1分23秒",
  },
};

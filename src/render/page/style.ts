import { darkAccent, linkAccent } from "../../core/rules/brand/accent.ts";
import type { Hex } from "../../core/rules/brand/colour.ts";
import type { Locale } from "../../core/words/locale.ts";
import { FONT, fontOf, MONO } from "../mail/style.ts";

/** A brand's colours over those of the page; paper keeps its own. */
export function accentStyle(accent: Hex | undefined): string {
  if (accent === undefined) return "";
  const dark = darkAccent(accent);
  return `@media screen{:root{--accent:${accent};--link:${linkAccent(accent)}}}@media screen and (prefers-color-scheme:dark){:root{--accent:${dark};--link:${dark}}}`;
}

/** What a language has in place of the page's font. */
export function fontStyle(locale: Locale): string {
  const font = fontOf(locale);
  return font === FONT ? "" : `body{font-family:${font}}`;
}

/** The page's style sheet, for light, dark and paper. It loads no fonts or pictures. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--ink:#1c2430;--dim:#5c6675;--hair:#e4e8ed;--rule:#b9c1cc;--link:#1f5fae;--page:#f1f3f6;--card:#fff;--accent:#1d6b72;--marked:#fdefc9;--mark:#8a5200;--note:#fdf6e3;--notes:#d9a520;--stripe:#f7f9fb}
@media (prefers-color-scheme:dark){:root{--ink:#e8ecf1;--dim:#9eabba;--hair:#2f3842;--rule:#566372;--link:#86bdf5;--page:#12161b;--card:#1a2027;--accent:#3a9aa2;--marked:#4d3d14;--mark:#ffc65c;--note:#2c2716;--notes:#b98a1d;--stripe:#1f262e}}
*{box-sizing:border-box}
body{margin:0;padding:28px 16px;background:var(--page);color:var(--ink);font:15px/1.5 ${FONT};overflow-wrap:anywhere}
main{max-width:1080px;margin:0 auto;background:var(--card);border:1px solid var(--hair);border-top:4px solid var(--accent);border-radius:6px}
header,main>section,.kpis>section,footer{padding:24px 32px}
main>section,footer,.kpis{border-top:1px solid var(--hair)}
h1{margin:0;font-size:25px;line-height:1.28;letter-spacing:-.2px;font-weight:600}
h2{margin:0 0 8px;font-size:18px;line-height:1.35;font-weight:600}
h3{margin:18px 0 6px;font-size:15px;font-weight:600}
p{margin:0 0 10px}
.period{margin:4px 0 0;font-size:16px}
.due,.quiet,.was,footer{color:var(--dim)}
.due{margin:4px 0 0;font-size:14px}
.quiet,footer{font-size:13px;line-height:1.5}
.quiet{margin:10px 0 0}
h3 .quiet{font-weight:400;font-size:inherit}
.lead{margin:16px 0 0;font-size:18px;line-height:1.55}
.intro{margin:16px 0 0;white-space:pre-line}
a{color:var(--link)}
nav{margin-top:16px;font-size:14px;line-height:1.9}nav a{margin-right:18px;white-space:nowrap}
.notice{margin:14px 0 0;padding:10px 14px;background:var(--note);border-left:3px solid var(--notes);border-radius:3px;font-size:14px}
.notice p{margin:0}.notice p+p{margin-top:6px}
.kpis{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,250px),1fr))}
.kpi h2{margin:0;font-size:14px}
.figure{margin:2px 0 0;font-size:34px;line-height:1.25;font-weight:600;letter-spacing:-.4px;font-variant-numeric:tabular-nums}
.kpi .quiet,.figures .quiet{margin:4px 0 0}.figures{display:flex;flex-wrap:wrap;gap:0 44px}.figures p{margin:0}.figures span{display:block}
.change{margin:2px 0 0;font-size:14px}.arrow{color:var(--dim)}
.kpi img{margin-top:8px}.brand{font-weight:600}
img{display:block;max-width:100%;height:auto;border-radius:4px}
.logo{margin:0 0 16px;border-radius:0}.on-dark{display:none}@media screen and (prefers-color-scheme:dark){.logo{background:#fff}.on-light{display:none}.on-dark{display:block;background:none}}
details{margin-top:12px}summary{cursor:pointer;font-size:14px;color:var(--link)}
details .scroll{margin-top:8px}
.scroll{overflow:auto;max-height:78vh;border-bottom:1px solid var(--hair)}
table{border-collapse:separate;border-spacing:0;min-width:100%;font-size:14px;line-height:1.4;font-variant-numeric:tabular-nums;overflow-wrap:normal}
table.narrow{min-width:min(100%,520px)}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th{text-align:left;vertical-align:bottom;font-weight:600;color:var(--dim);padding:6px 10px;background:var(--card)}
thead{position:sticky;top:0;z-index:1}
thead tr:last-child th,thead th[rowspan]{border-bottom:2px solid var(--rule)}
th.group{text-align:center;border-bottom:1px solid var(--rule)}
td{padding:6px 10px;vertical-align:top;border-bottom:1px solid var(--hair);white-space:pre-line;min-width:0;max-width:36em}
td:not(.n):not(.s){min-width:10em}
.n{text-align:right;white-space:nowrap}.s{white-space:nowrap}
tbody tr:nth-child(even) td{background:var(--stripe)}
tbody tr:last-child td{border-bottom:0}
tbody td.marked{background:var(--marked);font-weight:600}.marked b,b.mark,.marked a{color:var(--mark)}
td.total,tfoot td{font-weight:600}
tfoot{position:sticky;bottom:0}tfoot td{border-top:2px solid var(--rule);border-bottom:0;background:var(--card)}
.words p:last-child,.words ul:last-child,.words ol:last-child{margin-bottom:0}.words+*{margin-top:14px}
.words ul,.words ol{margin:0 0 10px;padding-left:24px}.words li p{margin:0 0 4px}
code,pre{font-family:${MONO};font-size:13px}pre{padding:10px 14px;background:var(--page);border-radius:4px;white-space:pre-wrap}
blockquote{margin:0 0 10px;padding-left:14px;border-left:3px solid var(--rule)}
hr{border:0;border-top:1px solid var(--rule);margin:14px 0}
@media (max-width:640px){body{padding:0}main{border-radius:0;border-left:0;border-right:0}header,main>section,.kpis>section,footer{padding:20px 18px}h1{font-size:21px}th,td{padding:6px 8px}}
@media print{:root{--ink:#000;--dim:#444;--page:#fff;--card:#fff;--hair:#ccc;--rule:#666;--link:#000;--stripe:#fff;--marked:#eee;--mark:#000;--note:#fff;--notes:#666;color-scheme:light}
body{padding:0;font-size:11pt}main{border:0;max-width:none}header,main>section,.kpis>section,footer{padding:10pt 0}.scroll{overflow:visible;max-height:none}thead,tfoot{position:static}tfoot{display:table-row-group}table{font-size:9pt}td,th{padding:3pt 5pt}tr,img,.kpi{break-inside:avoid}h2,h3{break-after:avoid}nav{display:none}}
`;

import { raw } from "hono/html";
import { darkAccent, ON_DARK_ACCENT } from "../../core/rules/brand/accent.ts";
import type { Hex } from "../../core/rules/brand/colour.ts";
import type { Locale } from "../../core/words/locale.ts";
import type { Markup } from "../words/markup.ts";

/** Colours and fonts of the digest, as attributes and inline styles have them. Contrast (WCAG 2.2) on the card in brackets. */
export const INK = "#15202b"; // 16.5
export const DIM = "#556270"; // 6.2
export const HAIR = "#dfe4e8";
export const RULE = "#556270";
export const LINK = "#0b6675"; // 6.6
export const PAGE = "#eef1f3";
export const ACCENT = "#0b6675";
/** At the top of a notice, in place of the accent. */
export const ALARM = "#a23a08";
export const MONO = "ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace";
export const FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const JAPANESE_FONT = "-apple-system,BlinkMacSystemFont,'Hiragino Sans','Yu Gothic',Meiryo,sans-serif";

/** Japanese names faces of its own, since the others leave its letters to whatever the machine has, which may be Chinese. */
export function fontOf(locale: Locale): string {
  return locale === "ja" ? JAPANESE_FONT : FONT;
}

/** Behind marked cells. */
export const MARKED = "#fdeadd";
export const MARKED_INK = "#7a2c06";

/** Of the card, in pixels. */
export const WIDTH_MAX = 640;
/** Of its content, inside the padding. */
export const CARD_TEXT_WIDTH = 576;
/** Of the content on a phone of 360 pixels. */
export const PHONE_TEXT_WIDTH = 320;

/**
 * What is written inline is the phone; these blocks add the room of a larger window, and dark colours. A client that drops them (Gmail
 * with an account of another provider) is right on a phone and compact elsewhere. Each has its own block, because Gmail drops a
 * whole block if it does not understand one of its rules. A logo is on white wherever a card is dark and there is no other logo for that:
 * as a gradient, which Gmail leaves as it is. What has no room on a phone is said there alone (`.phone`).
 */
export function headStyle(brand: Hex | undefined, locale: Locale): Markup {
  const outlookFont = locale === "ja" ? "'Yu Gothic',Meiryo,sans-serif" : "'Segoe UI',Arial,sans-serif";
  const accent = brand ?? ACCENT;
  const dark = brand === undefined ? "#6fc6d2" : darkAccent(brand);
  return raw(`<style>
.pad{overflow-wrap:anywhere}.x{overflow-wrap:normal}
.d td{padding:8px 4px}.d th{padding:6px 4px}
.t td{padding:8px 3px}.t th{padding:6px 3px}
.d td:first-child,.d tr:first-child th:first-child{padding-left:0}
.d td:last-child,.d th:last-child{padding-right:0}
.m td:last-child,.m th:last-child{padding-right:6px}
.d tbody td:first-child{font-weight:600}
.d a{color:${accent}}
.hi a{color:${MARKED_INK}}
.lg{background:linear-gradient(#fff,#fff)}
@media only screen and (max-width:600px){
.phone{display:inline!important;max-height:none!important}
}
@media only screen and (min-width:601px){
.page-pad{padding:28px 12px!important}
.card{border:1px solid ${HAIR}!important;border-radius:8px!important}
.pad{padding-left:32px!important;padding-right:32px!important}
.h1{font-size:28px!important;line-height:34px!important}
.lead{font-size:18px!important;line-height:28px!important}
.d{font-size:14px!important}.d td{padding:8px}.d th{padding:6px 8px}
.d th{font-size:13px!important}.w{font-size:13px!important}.w td,.w th{padding:6px}
.kv{font-size:32px!important;line-height:38px!important}
.one{font-size:52px!important;line-height:60px!important}
.spark{display:table-cell!important}
.mv{white-space:nowrap}
.go,.go table{width:auto!important}
}
</style>
<style>
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
.page{background:#0d1115!important}
.card{background:#161c22!important;border-color:#2a333b!important}
.tag{background:${dark}!important}.alarm .tag{background:#f0a071!important}
.ink,.d,.d td{color:#e8edf1!important}
.dim,.d th{color:#a0adb8!important}
.d tr,.hair{border-color:#2a333b!important}
.d .rule,.d .rule td,.d .rule th,.grp,.bar{border-color:#a0adb8!important}
.link,.d a{color:${dark}!important}
.btn{background:${dark}!important}.btn a{color:${ON_DARK_ACCENT}!important}
.good{background:#123f44!important;color:#a5e4e4!important}
.bad{background:#f0a071!important;color:#2a0f00!important}
.flat{border-color:#7d8a96!important;color:#cdd6dd!important}
.cmd{background:#0d1115!important;color:#e8edf1!important}
.d .hi{background:#46281a!important;color:#ffcfb0!important}.d .hi b,.hi a{color:#ffcfb0!important}.mark{color:#ffcfb0!important}
.quote{border-color:#566372!important}
.note{background:#2d2612!important;border-color:#b98a1d!important;color:#f2e2b6!important}
.shot{opacity:.86}
.two .lg{display:none!important}.two .ld{display:block!important}
}
</style>
<style>
@media (prefers-color-scheme:light){${scrollShade("255,255,255", "40,52,70,.22")}}
@media (prefers-color-scheme:dark){${scrollShade("22,28,34", "0,0,0,.7")}}
</style>
<!--[if mso]><style>table{border-collapse:collapse}td,th,p,h1,h2{font-family:${outlookFont}}.d td,.d th{border-bottom:1px solid ${HAIR}}</style><xml><o:OfficeDocumentSettings xmlns:o="urn:schemas-microsoft-com:office:office"><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml><![endif]-->`);
}

/** Outlook for Windows does not support max-width: it gets a table of fixed width around the card, which no other client sees. */
export const GHOST_OPEN: Markup = raw(
  `<!--[if mso]><table role="presentation" align="center" width="${WIDTH_MAX}" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->`,
);
export const GHOST_CLOSE: Markup = raw("<!--[if mso]></td></tr></table><![endif]-->");

/**
 * A shade at the edge where a scrolling table continues: two shades stay in place, and two covers in the card's colour move
 * with the table and hide a shade when that end is reached. Gmail, which makes a dark card of its own and leaves such covers white, gets
 * neither: it knows no query for the scheme.
 */
function scrollShade(card: string, shade: string): string {
  const cover = (side: string) => `linear-gradient(to ${side},rgba(${card},0),rgb(${card}) 60%)`;
  const edge = (at: string) => `radial-gradient(farthest-side at ${at} 50%,rgba(${shade}),rgba(${card},0))`;
  return `.x{background:${cover("left")} 0 0/32px 100% no-repeat local,${cover("right")} 100% 0/32px 100% no-repeat local,${edge("0")} 0 0/12px 100% no-repeat scroll,${edge("100%")} 100% 0/12px 100% no-repeat scroll}`;
}

/** After a preheader: characters without width, so that the client's preview does not continue into the body. */
export const PREHEADER_END: Markup = raw("&#847;&zwnj;&nbsp;".repeat(40));

import { raw } from "hono/html";
import type { Markup } from "../words/markup.ts";

/** Colours and fonts of the digest, as attributes and inline styles have them. */
export const INK = "#1c2430";
export const DIM = "#5c6675";
export const HAIR = "#e4e8ed";
export const RULE = "#b9c1cc";
export const LINK = "#1f5fae";
export const PAGE = "#f1f3f6";
export const ACCENT = "#1d6b72";
/** At the top of a notice, in place of the accent. */
export const ALARM = "#b5402e";
export const MONO = "ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace";
export const FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

/** Behind marked cells. */
export const MARKED = "#fdefc9";
export const MARKED_INK = "#8a5200";

/** Of the card, in pixels. */
export const WIDTH_MAX = 720;
/** Of its content, inside the padding. */
export const CARD_TEXT_WIDTH = 656;

/**
 * What only some clients read: phones, finer padding, dark mode, shades at the edge of a table that scrolls. The digest is
 * complete without it. Each has its own block, because Gmail drops a whole block if it does not understand one of its rules.
 */
export const HEAD_STYLE: Markup = raw(`<style>
.pad{overflow-wrap:anywhere}.x{overflow-wrap:normal}
.d td{padding:7px 10px}.d th{padding:5px 10px}
.w td,.w th{padding:5px 8px}
.d td:first-child,.d tr:first-child th:first-child{padding-left:0}
.d td:last-child,.d th:last-child{padding-right:0}
.m td:last-child,.m th:last-child{padding-right:8px}
.d a{color:${LINK}}
@media only screen and (max-width:600px){
.pad{padding-left:18px!important;padding-right:18px!important}
.page-pad{padding:0!important}
.card{border-radius:0!important;border-left:0!important;border-right:0!important}
.h1{font-size:21px!important;line-height:27px!important}
.d td{padding:7px 8px}.d th{padding:5px 8px}
.f td{padding-right:20px!important;font-size:24px!important}
.kpi{width:100%!important}
}
</style>
<style>
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
.page{background:#12161b!important}
.card{background:#1a2027!important;border-color:#3a9aa2 #2b333d #2b333d!important}
.alarm{border-top-color:#d9695a!important}
.ink,.d,.d td{color:#e8ecf1!important}
.dim,.d th{color:#9eabba!important}
.d tr,.hair{border-color:#2f3842!important}
.d .rule,.d .rule td,.d .rule th,.grp{border-color:#566372!important}
.link,.d a{color:#86bdf5!important}
.cmd{background:#12161b!important;color:#e8ecf1!important}
.d .hi{background:#4d3d14!important;color:#ffe9b8!important}.d .hi b,.mark{color:#ffc65c!important}
.quote{border-color:#566372!important}
.note{background:#2c2716!important;border-color:#b98a1d!important;color:#f0e3c0!important}
}
</style>
<style>
${scrollShade("255,255,255", "40,52,70,.22")}
@media (prefers-color-scheme:dark){${scrollShade("26,32,39", "0,0,0,.7")}}
</style>
<!--[if mso]><style>table{border-collapse:collapse}td,th,p,h1,h2{font-family:'Segoe UI',Arial,sans-serif}.d td,.d th{border-bottom:1px solid ${HAIR}}</style><xml><o:OfficeDocumentSettings xmlns:o="urn:schemas-microsoft-com:office:office"><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml><![endif]-->`);

/** Outlook for Windows does not support max-width: it gets a table of fixed width around the card, which no other client sees. */
export const GHOST_OPEN: Markup = raw(
  `<!--[if mso]><table role="presentation" align="center" width="${WIDTH_MAX}" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->`,
);
export const GHOST_CLOSE: Markup = raw("<!--[if mso]></td></tr></table><![endif]-->");

/**
 * A shade at the edge where a scrolling table continues: two shades stay in place, and two covers in the card's colour move
 * with the table and hide a shade when that end is reached.
 */
function scrollShade(card: string, shade: string): string {
  const cover = (side: string) => `linear-gradient(to ${side},rgba(${card},0),rgb(${card}) 60%)`;
  const edge = (at: string) => `radial-gradient(farthest-side at ${at} 50%,rgba(${shade}),rgba(${card},0))`;
  return `.x{background:${cover("left")} 0 0/32px 100% no-repeat local,${cover("right")} 100% 0/32px 100% no-repeat local,${edge("0")} 0 0/12px 100% no-repeat scroll,${edge("100%")} 100% 0/12px 100% no-repeat scroll}`;
}

/** After a preheader: characters without width, so that the client's preview does not continue into the body. */
export const PREHEADER_END: Markup = raw("&#847;&zwnj;&nbsp;".repeat(40));

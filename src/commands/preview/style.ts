/** Of the overview. The frames keep their own look: `color-scheme` on a frame is what its page takes for the reader's wish. */
export const PREVIEW_STYLE = `
:root{color-scheme:light dark;--ink:#1c2430;--dim:#5c6675;--page:#f1f3f6;--card:#fff;--hair:#e4e8ed;--accent:#1d6b72;--on:#fff}
@media (prefers-color-scheme:dark){:root{--ink:#e8ecf1;--dim:#9eabba;--page:#12161b;--card:#1a2027;--hair:#2f3842;--accent:#55b6be;--on:#0c1114}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1120px;padding:32px 24px 48px;background:var(--page);color:var(--ink);font:16px/1.5 -apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;overflow-wrap:anywhere}
h1{margin:0 0 4px;font-size:26px;line-height:1.25}
h2{margin:0 0 16px;font-size:19px;line-height:1.35}
p{margin:0}
header p,.none{color:var(--dim)}
a{color:var(--accent)}
a:focus-visible,label:focus-visible,summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
ul{margin:0;padding:0;list-style:none}
nav ul{display:flex;flex-wrap:wrap;gap:8px;margin-top:16px}
nav a{display:block;padding:5px 12px;border:1px solid var(--hair);border-radius:99px;background:var(--card);color:var(--ink);font-size:14px;text-decoration:none}
nav b,.kind{color:var(--accent);font-weight:600}
input[type=radio]{position:absolute;opacity:0;pointer-events:none}
.switches{position:sticky;top:0;z-index:1;display:flex;flex-wrap:wrap;gap:12px;margin:0 -24px;padding:12px 24px;border:0;background:var(--page)}
.switches legend{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.switches span{display:inline-flex;border:1px solid var(--hair);border-radius:6px;overflow:hidden;background:var(--card)}
.switches label{padding:6px 14px;font-size:14px;cursor:pointer}
#wide:checked~.switches [for=wide],#narrow:checked~.switches [for=narrow],#day:checked~.switches [for=day],#night:checked~.switches [for=night]{background:var(--accent);color:var(--on);font-weight:600}
#wide:focus-visible~.switches [for=wide],#narrow:focus-visible~.switches [for=narrow],#day:focus-visible~.switches [for=day],#night:focus-visible~.switches [for=night]{outline:3px solid var(--ink);outline-offset:-3px}
section{margin:0 0 32px;padding:24px 28px 28px;background:var(--card);border:1px solid var(--hair);border-radius:8px;scroll-margin-top:64px}
.kind{font-size:13px;text-transform:uppercase;letter-spacing:.06em}
dl{display:grid;grid-template-columns:auto 1fr;gap:6px 20px;margin:0 0 20px;font-size:15px}
dt{color:var(--dim)}
dd{margin:0;min-width:0}
dd span{color:var(--dim);white-space:nowrap}
.row{display:flex;flex-wrap:wrap;gap:0 16px}
.frame{border:1px solid var(--hair);border-radius:6px;background:var(--page);overflow:hidden}
iframe{display:block;width:100%;height:min(900px,85vh);margin:0 auto;border:0;background:#fff;color-scheme:light}
#narrow:checked~main iframe{width:min(390px,100%);border:1px solid var(--hair);border-width:0 1px}
#night:checked~main iframe{background:#12161b;color-scheme:dark}
details{margin-top:16px}
summary{cursor:pointer;color:var(--dim);font-size:15px}
pre{max-height:70vh;margin:12px 0 0;padding:16px;overflow:auto;border:1px solid var(--hair);border-radius:6px;background:var(--page);font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace;overflow-wrap:normal}
@media (max-width:560px){body{padding:20px 12px 32px}h1{font-size:22px}.switches{margin:0 -12px;padding:12px}section{padding:18px 16px 20px}dl{grid-template-columns:1fr;gap:0}dd{margin:0 0 10px}}
`;

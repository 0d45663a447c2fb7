/** The look of the page: two columns, on a phone one; light and dark after the reader's own setting. */
export const styleSheet = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#f7f6f2, #16181a);
  --card: light-dark(#ffffff, #1e2124);
  --ink: light-dark(#23272b, #e4e4e0);
  --soft: light-dark(#676d72, #9aa0a5);
  --line: light-dark(#e2e0d8, #31353a);
  --accent: light-dark(#1f6f78, #6fc3c9);
  --tint: light-dark(#e4efee, #20383a);
  --loud: light-dark(#9a4b00, #f0b070);
  --loud-tint: light-dark(#fbead6, #3d2c18);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: var(--paper); display: grid; grid-template-columns: 340px minmax(0, 1fr); min-height: 100vh; }
a { color: var(--accent); }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
h1 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 .6rem; overflow-wrap: anywhere; }
p { margin: 0 0 .5rem; }
pre, code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; font-size: .86em; }
hr { border: 0; border-top: 1px solid var(--line); margin: .7rem 0; }
.note, .from, time, small { color: var(--soft); font-size: .85rem; }
.empty { color: var(--soft); padding: 2rem; text-align: center; }
.width-switch { margin-left: auto; display: flex; }

.side { background: var(--card); border-right: 1px solid var(--line); position: sticky; top: 0; height: 100vh; overflow-y: auto; }
.brand { display: flex; align-items: center; gap: .5rem; padding: 1rem 1.1rem .8rem; font-weight: 650; color: inherit; text-decoration: none; }
.brand small { font-weight: 400; }
.mark { width: 1rem; height: 1rem; border-radius: 4px; background: var(--accent); box-shadow: inset 0 -5px 0 var(--tint); }
.lists h2 { font-size: .74rem; letter-spacing: .06em; text-transform: uppercase; color: var(--soft); margin: 0; padding: .9rem 1.1rem .3rem; }
.lists .empty { padding: .4rem 1.1rem .8rem; text-align: left; font-size: .9rem; }
.row { display: block; padding: .55rem 1.1rem .55rem calc(1.1rem - 3px); color: inherit; text-decoration: none; border-left: 3px solid transparent; }
.row:hover { background: var(--paper); }
.row[aria-current] { background: var(--tint); border-left-color: var(--accent); }
.row span { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.row .row-top { display: flex; gap: .6rem; align-items: baseline; }
.row .who { flex: 1; font-weight: 600; }
.row time, .row .row-note { flex: none; color: var(--soft); font-size: .85rem; }
.row.quiet { padding-top: .3rem; padding-bottom: .3rem; }
.row.quiet .who { font-weight: 400; }

main { min-width: 0; }
.welcome { max-width: 34rem; margin: 18vh auto 0; padding: 0 1.5rem; }
.mail { display: flex; flex-direction: column; min-height: 100vh; }
.mail > header, .slack > header { padding: 1.3rem 1.6rem 0; }
.back { display: none; text-decoration: none; margin-bottom: .6rem; }
.envelope { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .15rem .9rem; margin: 0 0 .5rem; font-size: .92rem; }
.envelope dt { color: var(--soft); }
.envelope dd { margin: 0; overflow-wrap: anywhere; }
.more { font-size: .85rem; margin: .2rem 0 .5rem; }
.more summary { color: var(--soft); cursor: pointer; width: fit-content; }
.more .envelope { margin: .4rem 0 .4rem; font-size: .85rem; }
.chips { list-style: none; display: flex; flex-wrap: wrap; gap: .5rem; margin: .5rem 0; padding: 0; }
.chip { display: inline-flex; gap: .6rem; align-items: baseline; max-width: 100%; padding: .35rem .7rem; border: 1px solid var(--line); border-radius: 8px; background: var(--card); color: inherit; text-decoration: none; }
.chip:hover { border-color: var(--accent); }
.chip::before { content: "↓"; color: var(--accent); }
.chip-name { overflow-wrap: anywhere; }
.chip-note { color: var(--soft); font-size: .85rem; white-space: nowrap; }
.tabs { display: flex; flex-wrap: wrap; gap: .25rem; border-bottom: 1px solid var(--line); margin-top: .6rem; }
.tab { padding: .4rem .8rem; color: var(--soft); text-decoration: none; border-bottom: 2px solid transparent; margin-bottom: -1px; }
.tab[aria-current] { color: var(--ink); border-bottom-color: var(--accent); }
.stage { flex: 1; display: flex; padding: 1rem 1.6rem 1.6rem; }
.stage iframe { flex: 1; min-height: 70vh; width: 100%; border: 1px solid var(--line); border-radius: 8px; background: #fff; color-scheme: light; }
.stage.is-phone { justify-content: center; }
.stage.is-phone iframe { flex: none; width: 360px; border-radius: 22px; border: 8px solid light-dark(#2b2f33, #000); box-sizing: content-box; }
.mail > .note { margin: 1rem 1.6rem 0; }
.plain { margin: 1rem 1.6rem 1.6rem; padding: 1rem; background: var(--card); border: 1px solid var(--line); border-radius: 8px; white-space: pre-wrap; overflow-wrap: anywhere; }

.slack > header { border-bottom: 1px solid var(--line); padding-bottom: .4rem; }
.slack h1 { margin-bottom: .1rem; }
.posts { padding: 1rem 1.6rem 3rem; max-width: 60rem; }
.thread { margin-bottom: 1.5rem; }
.post { display: grid; grid-template-columns: 36px minmax(0, 1fr); gap: .7rem; }
.avatar { width: 36px; height: 36px; border-radius: 8px; background: var(--accent); color: var(--card); display: grid; place-items: center; font-weight: 650; text-transform: uppercase; }
.post-top { display: flex; flex-wrap: wrap; gap: .5rem; align-items: baseline; margin: 0 0 .2rem; }
.app { font-size: .65rem; padding: 0 .3rem; border-radius: 3px; background: var(--line); color: var(--soft); }
.post-body { overflow-wrap: anywhere; }
.post-body pre { background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .6rem; overflow-x: auto; margin: .3rem 0; }
.post-body img { max-width: min(100%, 30rem); border-radius: 6px; border: 1px solid var(--line); display: block; }
.replies { margin: .6rem 0 0 48px; padding-left: 1rem; border-left: 2px solid var(--line); display: grid; gap: .9rem; }
.replies > .note { margin: 0; }
.file { margin: .4rem 0; display: grid; gap: .4rem; justify-items: start; }
.attached { border-left: 3px solid var(--line); padding-left: .8rem; margin: .3rem 0; }

@media (max-width: 760px) {
  body { display: block; }
  .side { position: static; height: auto; border-right: 0; }
  .at-item .side, .width-switch { display: none; }
  .at-list .side { padding-bottom: 1rem; }
  .welcome { margin: 1.5rem 0; padding: 0 1.1rem; }
  .back { display: inline-block; }
  .row { padding-top: .7rem; padding-bottom: .7rem; }
  .mail > header, .slack > header { padding: 1rem 1rem 0; }
  .stage { padding: .8rem 0 0; }
  .stage iframe { border-radius: 0; border-width: 1px 0 0; }
  .stage.is-phone { overflow-x: auto; justify-content: flex-start; }
  .stage.is-phone iframe { border-radius: 0; border: 0; }
  .plain { margin: 1rem; }
  .posts { padding: 1rem 1rem 3rem; }
  .replies { margin-left: 0; }
  .tab { padding: .4rem .6rem; }
}
`;

/** The look of a Slack post, near enough for a person's eye; light and dark after the reader's own setting. */
export const STYLE = `
:root { color-scheme: light dark; --paper: light-dark(#fff, #1a1d21); --ink: light-dark(#1d1c1d, #d9dadc); --soft: light-dark(#616061, #abadb0); --line: light-dark(#dddcdd, #3a3d42); --tint: light-dark(#f8f8f8, #222529); --link: light-dark(#1264a3, #6db9ef); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.47 "Lato", system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
p { margin: 0 0 .35rem; }
a { color: var(--link); }
.place { color: var(--soft); border-bottom: 1px solid var(--line); padding-bottom: .6rem; margin-bottom: .9rem; font-weight: 700; }
.post { display: grid; grid-template-columns: 36px minmax(0, 1fr); gap: .6rem; }
.avatar { width: 36px; height: 36px; border-radius: 8px; background: #1f6f78; color: #fff; display: grid; place-items: center; font-weight: 700; }
.who { display: flex; gap: .4rem; align-items: center; margin: 0; }
.app { font-size: .65rem; background: var(--line); color: var(--soft); padding: 0 .25rem; border-radius: 2px; }
h2 { font-size: 1.15rem; line-height: 1.3; margin: .4rem 0; }
.context { color: var(--soft); font-size: .82rem; margin: .2rem 0 .7rem; display: flex; flex-wrap: wrap; gap: 0 .6rem; }
.rich { margin: .35rem 0; }
.rich p { white-space: pre-wrap; }
.rich ul, .rich ol { margin: .2rem 0 .4rem; padding-left: 1.4rem; }
blockquote { margin: .3rem 0; padding-left: .8rem; border-left: 4px solid var(--line); white-space: pre-wrap; }
pre { background: var(--tint); border: 1px solid var(--line); border-radius: 6px; padding: .6rem; overflow-x: auto; font: .82rem/1.5 ui-monospace, Menlo, Consolas, monospace; margin: .35rem 0; }
pre.alone, details pre { white-space: pre-wrap; }
.fields { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .7rem 1.4rem; margin: .4rem 0; }
.fields p { margin: 0; white-space: pre-line; }
.table { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; margin: .4rem 0; max-height: 34rem; width: fit-content; max-width: 100%; }
table { border-collapse: collapse; font-size: .87rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: .4rem .6rem; color: var(--soft); }
th, td { padding: .3rem .7rem; border-top: 1px solid var(--line); text-align: left; min-width: 4rem; max-width: 22rem; vertical-align: top; overflow-wrap: normal; }
th { background: var(--tint); white-space: nowrap; }
.number { text-align: right; white-space: nowrap; }
figure { margin: .4rem 0; }
figure img { max-width: 100%; border: 1px solid var(--line); border-radius: 8px; display: block; background: #fff; }
.chart { border: 1px solid var(--line); border-radius: 8px; padding: .7rem; max-width: 36rem; }
.chart figcaption { font-weight: 700; margin-bottom: .3rem; }
.chart > svg { width: 100%; height: auto; display: block; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem .9rem; font-size: .8rem; color: var(--soft); margin: .3rem 0 0; }
.swatch { display: inline-block; width: .7rem; height: .7rem; border-radius: 2px; margin-right: .3rem; }
.files { margin-top: .6rem; padding-left: .8rem; border-left: 2px solid var(--line); }
.file { border: 1px solid var(--line); border-radius: 8px; padding: .4rem .7rem; width: fit-content; max-width: 100%; }
details { margin-top: 1.4rem; color: var(--soft); font-size: .85rem; }
hr { border: 0; border-top: 1px solid var(--line); }
`;

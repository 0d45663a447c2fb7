/**
 * The look of a post's blocks, on any page that says what --ink, --soft, --line, --card, --tint, --accent, --loud and
 * --loud-tint are.
 */
export const BLOCKS_STYLE = `
.blocks { overflow-wrap: anywhere; }
.blocks p { margin: 0 0 .35rem; }
.blocks a { color: var(--accent); }
.blocks h2 { font-size: 1.15rem; line-height: 1.3; margin: .4rem 0; }
.blocks hr { border: 0; border-top: 1px solid var(--line); margin: .7rem 0; }
.blocks .note, .blocks .context { color: var(--soft); font-size: .83rem; }
.blocks .context { margin: .25rem 0 .7rem; }
.blocks h2 + .context { margin-top: -.3rem; }
.blocks .context figure, .blocks .context img { display: inline; margin: 0; }
.blocks .pre, .blocks .rich { white-space: pre-wrap; }
.blocks .rich { margin: 0; }
.blocks .rich-block { margin: .5rem 0; }
.blocks pre, .blocks code { font: .82rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; background: var(--card); border: 1px solid var(--line); }
.blocks pre { border-radius: 6px; padding: .6rem; margin: .35rem 0; overflow-x: auto; }
.blocks code { border-radius: 4px; padding: 0 .2em; }
.blocks blockquote { margin: .3rem 0; padding-left: .8rem; border-left: 4px solid var(--line); white-space: pre-wrap; }
.blocks ul, .blocks ol { margin: .3rem 0; padding-left: 1.4rem; }
.blocks .section { display: flex; flex-wrap: wrap; gap: .4rem 1rem; align-items: flex-start; margin-bottom: .4rem; }
.blocks .section-text { flex: 1 1 14rem; min-width: 0; }
.blocks .fields { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .7rem 1.3rem; max-width: 38rem; margin: .3rem 0; }
.blocks .fields p { margin: 0; }
.blocks .mention { background: var(--tint); color: var(--accent); border-radius: 4px; padding: 0 .2em; }
.blocks .mention.loud { background: var(--loud-tint); color: var(--loud); }
.blocks .actions { display: flex; flex-wrap: wrap; gap: .5rem; margin: .4rem 0; }
.blocks .actions a { text-decoration: none; }
.blocks .button { display: inline-block; padding: .25rem .8rem; border: 1px solid var(--line); border-radius: 6px; background: var(--card); color: var(--ink); font-weight: 600; font-size: .9rem; }
.blocks .button.primary { background: var(--accent); border-color: var(--accent); color: var(--card); }
.blocks .button.danger { color: var(--loud); border-color: var(--loud); }
.blocks .table-box { max-height: 34rem; overflow: auto; border: 1px solid var(--line); border-radius: 8px; background: var(--card); margin: .4rem 0; width: fit-content; max-width: 100%; }
.blocks table { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums; }
.blocks caption { text-align: left; padding: .45rem .7rem; color: var(--soft); }
.blocks th, .blocks td { min-width: 4.5rem; max-width: 24rem; padding: .33rem .7rem; border-top: 1px solid var(--line); vertical-align: top; overflow-wrap: normal; }
.blocks thead th { position: sticky; top: 0; background: var(--card); box-shadow: inset 0 -1px 0 var(--line); white-space: nowrap; border-top: 0; }
.blocks td .rich, .blocks th .rich { white-space: inherit; margin: 0; }
.blocks .to-left { text-align: left; }
.blocks .to-center { text-align: center; }
.blocks .to-right { text-align: right; white-space: nowrap; }
.blocks figure { margin: .4rem 0; }
.blocks img { max-width: min(100%, 30rem); border: 1px solid var(--line); border-radius: 8px; display: block; }
.blocks .no-image { display: inline-block; padding: .6rem .9rem; border: 1px dashed var(--line); border-radius: 6px; color: var(--soft); }
.blocks .chart { border: 1px solid var(--line); border-radius: 8px; padding: .7rem .8rem; max-width: 36rem; background: var(--card); }
.blocks .chart figcaption { font-weight: 650; margin-bottom: .3rem; }
.blocks .chart > svg { width: 100%; height: auto; display: block; }
.blocks .legend { display: flex; flex-wrap: wrap; gap: .2rem .9rem; font-size: .8rem; color: var(--soft); margin: .3rem 0 0; }
.blocks .swatch { display: inline-block; width: .7rem; height: .7rem; border-radius: 2px; margin-right: .35rem; }
`;

/** The look of the page around a post; light and dark after the reader's own setting. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --paper: light-dark(#fff, #1a1d21); --ink: light-dark(#1d1c1d, #d9dadc); --soft: light-dark(#616061, #abadb0); --line: light-dark(#dddcdd, #3a3d42); --card: light-dark(#fbfbfb, #202327); --accent: light-dark(#1264a3, #6db9ef); --tint: light-dark(#e8f1f8, #1d3142); --loud: light-dark(#9a4b00, #f0b070); --loud-tint: light-dark(#fbead6, #3d2c18); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.47 "Lato", system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
p { margin: 0 0 .35rem; }
.place { color: var(--soft); border-bottom: 1px solid var(--line); padding-bottom: .6rem; margin-bottom: .9rem; font-weight: 700; }
.post { display: grid; grid-template-columns: 36px minmax(0, 1fr); gap: .6rem; }
.avatar { width: 36px; height: 36px; border-radius: 8px; background: #1f6f78; color: #fff; display: grid; place-items: center; font-weight: 700; text-transform: uppercase; }
.who { display: flex; gap: .4rem; align-items: center; margin: 0; }
.app { font-size: .65rem; background: var(--line); color: var(--soft); padding: 0 .25rem; border-radius: 2px; }
.alone, details pre { background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .6rem; font: .82rem/1.5 ui-monospace, Menlo, Consolas, monospace; margin: .35rem 0; white-space: pre-wrap; }
.files { margin-top: .6rem; padding-left: .8rem; border-left: 2px solid var(--line); }
.files > .context { color: var(--soft); font-size: .82rem; margin: .2rem 0 .7rem; }
.file { border: 1px solid var(--line); border-radius: 8px; padding: .4rem .7rem; width: fit-content; max-width: 100%; }
details { margin-top: 1.4rem; color: var(--soft); font-size: .85rem; }
`;

"""How the HTML reports look: light and dark, wide and narrow, on screen and on paper."""

from __future__ import annotations

STYLE = """
:root {
  color-scheme: light dark;
  --page: #f6f8fa; --card: #fff; --line: #d8dee4; --text: #1f2328; --dim: #59636e;
  --code: #f6f8fa; --kept: #1a7f37; --missing: #cf222e; --extra: #0969da;
  --untested: #7d4e00; --shade: 12%;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --card: #151b23; --line: #3d444d; --text: #f0f6fc; --dim: #9198a1;
    --code: #0d1117; --kept: #3fb950; --missing: #f85149; --extra: #4493f8;
    --untested: #d29922; --shade: 18%;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 68rem; padding: 1.5rem 1rem 3rem; background: var(--page);
  color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
}
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .75rem; }
h3 { font-size: 1rem; margin: 0; }
p { margin: .25rem 0; }
code, pre { font: .86em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
pre {
  background: var(--code); border: 1px solid var(--line); border-radius: 6px; margin: 0;
  padding: .5rem .75rem; overflow-x: auto; white-space: pre-wrap; max-height: 24rem;
}
.dim { color: var(--dim); }
.card {
  background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  margin: 0 0 .75rem; padding: .9rem 1rem;
}
.top { border-top: 4px solid var(--tone, var(--line)); }
ul { margin: .5rem 0; }
.counts, .names { display: flex; flex-wrap: wrap; list-style: none; padding: 0; }
.counts { gap: .5rem; margin: .9rem 0; }
.counts li { border: 1px solid var(--line); border-radius: 8px; padding: .3rem .7rem; }
.counts b { color: var(--tone); font-size: 1.1rem; }
dl { display: grid; gap: .35rem .9rem; grid-template-columns: 6.5rem minmax(0, 1fr); }
dl { margin: .6rem 0 0; }
dt { color: var(--dim); }
dd { margin: 0; min-width: 0; }
.ends { display: flex; flex-wrap: wrap; gap: .25rem 1rem; justify-content: space-between; }
.names { gap: .35rem; }
.card .names { margin-bottom: 0; }
.chip {
  background: color-mix(in srgb, var(--tone) var(--shade), transparent); border-radius: 6px;
  padding: .05rem .5rem;
}
.chip i { color: var(--tone); font-style: normal; font-weight: 700; }
.kept, .pass { --tone: var(--kept); }
.missing, .harmful, .fail { --tone: var(--missing); }
.extra { --tone: var(--extra); }
.absent, .skip { --tone: var(--dim); }
.untested, .warn, .error, .known { --tone: var(--untested); }
.tag { color: var(--tone); font-weight: 700; }
summary { cursor: pointer; }
table { border-collapse: collapse; width: 100%; }
.scroll { overflow-x: auto; }
td:first-child { min-width: 10rem; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .6rem; }
th, td { text-align: left; vertical-align: top; }
td.chip { border-radius: 0; padding: .35rem .6rem; white-space: nowrap; }
tr.group th { padding-top: 1rem; }
@media (max-width: 36rem) {
  dl { grid-template-columns: minmax(0, 1fr); gap: .1rem; }
  dd { margin-bottom: .4rem; }
  body { padding: .75rem .6rem 2rem; }
}
@media print { .card { break-inside: avoid; } pre { max-height: none; } }
"""

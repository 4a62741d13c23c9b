// The look of a report. Colours are variables, which the charts use too, so that light and dark are one page. Those of
// runs were searched for: any two differ for every kind of colour vision, and a badge's letter can be read (style.test.ts).

export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f7f6f3; --card: #ffffff; --ink: #1c1b22; --soft: #6b6875; --line: #e4e1da; --track: #edeae4;
  --before: #a8a2b3; --after: #5b4bd6; --after-soft: #e7e3fb; --right: #12946a; --second: #d9822b; --worse: #c2372e;
  --run-1: #4a00ff; --run-2: #d83f00; --run-3: #007666; --run-4: #61008d;
  --run-5: #6d190b; --run-6: #156dff; --run-7: #003b53; --run-8: #9060a3; --on-run: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #131217; --card: #1c1b22; --ink: #eceaf2; --soft: #9b97a8; --line: #302e39; --track: #2a2833;
    --before: #6f6a7d; --after: #9d90ff; --after-soft: #2c2750; --right: #35c795; --second: #f0a85c; --worse: #ff8478;
    --run-1: #b464ff; --run-2: #f55602; --run-3: #93ffb1; --run-4: #d566a3;
    --run-5: #ffeb00; --run-6: #d6ebff; --run-7: #6d9662; --run-8: #d8b160; --on-run: #131217;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  -webkit-text-size-adjust: 100%;
}
main { max-width: 880px; margin: 0 auto; padding: 56px 24px 72px; }
h1 { font-size: 15px; font-weight: 600; margin: 0 0 4px; color: var(--soft); letter-spacing: .01em; }
h2 { font-size: 20px; line-height: 1.3; margin: 0 0 4px; letter-spacing: -.01em; }
p { margin: 0 0 16px; } .soft { color: var(--soft); } .small { font-size: 14px; }
section { margin-top: 56px; }
.lede { font-size: 30px; line-height: 1.25; font-weight: 650; letter-spacing: -.022em; max-width: 24em; margin: 0 0 28px; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 22px 24px; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 16px; }
.big { display: flex; align-items: baseline; gap: 10px; flex-wrap: wrap; font-variant-numeric: tabular-nums; line-height: 1.15; margin: 6px 0 2px; }
.big .from { font-size: 26px; color: var(--soft); } .big .arrow { font-size: 22px; color: var(--before); }
.big .to { font-size: 52px; font-weight: 700; letter-spacing: -.035em; color: var(--after); } .big .unit { font-size: 22px; font-weight: 500; margin-left: 3px; letter-spacing: 0; }
.facts { display: flex; flex-wrap: wrap; gap: 8px 36px; margin: 22px 0 0; padding: 0; }
.facts div { min-width: 0; } .facts dt { font-size: 13px; color: var(--soft); } .facts dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { font-weight: 500; color: var(--soft); font-size: 13px; text-align: right; padding: 6px 0 6px 18px; white-space: nowrap; }
td { text-align: right; padding: 7px 0 7px 18px; border-top: 1px solid var(--line); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
tr.way td { border-top: 0; padding-top: 20px; font-weight: 600; text-align: left; } tr.way:first-child td { padding-top: 0; }
td.now { font-weight: 650; color: var(--after); } td.gain { color: var(--soft); font-size: 14px; }
td.dumbbell { width: 26%; min-width: 110px; } td.soft { color: var(--soft); font-size: 14px; } td.worse, .big .to.worse { color: var(--worse); }
.track { position: relative; height: 10px; border-radius: 5px; background: var(--track); }
.track i { position: absolute; left: 0; top: 0; bottom: 0; border-radius: 5px; }
.track i.sure { top: 4px; bottom: 4px; background: var(--ink); opacity: .75; border-radius: 1px; } .track i.blind { top: -3px; bottom: -3px; width: 2px; margin-left: -1px; background: var(--second); border-radius: 1px; }
.key i.sure { height: 2px; background: var(--ink); opacity: .75; } .key i.blind { width: 2px; height: 14px; background: var(--second); }

.readings th { white-space: normal; max-width: 5.5em; vertical-align: bottom; line-height: 1.25; } .readings td, .readings th { padding-left: 14px; }
.against { display: flex; flex-wrap: wrap; gap: 2px 16px; margin-top: 12px; padding-top: 10px; border-top: 1px solid var(--line); color: var(--soft); font-variant-numeric: tabular-nums; } .against b { color: var(--ink); font-weight: 600; }
.remarks { list-style: none; margin: 18px 0 0; padding: 0; display: grid; gap: 8px; } .remarks li { border-left: 3px solid var(--before); padding: 2px 0 2px 14px; } .remarks .good { border-color: var(--right); } .remarks .bad { border-color: var(--worse); font-weight: 600; } .remarks .note { border-color: var(--second); }
.track .reach { background: var(--after); } .track .was { background: var(--before); }
.key { display: inline-flex; align-items: center; gap: 7px; margin-right: 18px; } .key i { width: 12px; height: 10px; border-radius: 5px; }
.chart svg { display: block; width: 100%; height: auto; overflow: visible; } .chart .narrow { display: none; }
.query { margin-top: 16px; } .query blockquote { margin: 0 0 14px; font-size: 18px; line-height: 1.35; font-weight: 600; letter-spacing: -.01em; }
.ranking { display: grid; grid-template-columns: 92px 1fr; gap: 12px; align-items: center; margin-top: 14px; }
.ranking .label { font-size: 13px; color: var(--soft); line-height: 1.35; } .ranking .label b { display: block; font-size: 15px; color: var(--ink); } .ranking .label .hit { color: var(--right); }
.tiles { display: grid; grid-template-columns: repeat(5, 1fr); gap: 10px; }
.tile { position: relative; aspect-ratio: 1; border-radius: 9px; background: var(--track); }
.tile img { display: block; width: 100%; height: 100%; object-fit: cover; border-radius: inherit; }
.tile.right { outline: 3px solid var(--right); outline-offset: 2px; }
.tile.right::after { content: "✓"; position: absolute; right: -7px; top: -7px; width: 22px; height: 22px; border-radius: 50%; background: var(--right); color: var(--card); font-size: 13px; font-weight: 700; line-height: 22px; text-align: center; }
.tile figure { margin: 0; } .tile figure img { display: block; }
.strips { display: grid; gap: 12px; }
.tile.strip { aspect-ratio: auto; display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); gap: 3px; background: none; }
.tile.strip img { height: auto; aspect-ratio: 1; border-radius: 6px; } .tile.strip.right { outline-offset: 4px; border-radius: 6px; }
.weight { display: grid; grid-template-columns: 1fr auto; gap: 6px; align-items: center; margin-top: 3px; font-size: 12px; color: var(--soft); font-variant-numeric: tabular-nums; } .weight i { height: 4px; background: var(--after); border-radius: 2px; }
.ranking:has(.strips) + .ranking { border-top: 1px solid var(--line); margin-top: 18px; padding-top: 18px; }
.example { display: grid; grid-template-columns: minmax(144px, 34%) 1fr; gap: 22px; align-items: start; margin-top: 16px; }
.example > .tile { width: 100%; } .example > .tile:not(.strip) { max-width: 200px; } .example > .strip { grid-auto-flow: row; grid-template-columns: repeat(4, minmax(0, 1fr)); }
.example blockquote { margin: 0 0 14px; font-size: 18px; line-height: 1.35; font-weight: 600; letter-spacing: -.01em; }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 200px), 1fr)); gap: 24px; margin-bottom: 12px; }
.answer { display: grid; grid-template-columns: minmax(5em, 1fr) 64px 3.6em; gap: 10px; align-items: center; padding: 3px 0; font-variant-numeric: tabular-nums; } .answer.hit span:first-child { color: var(--right); font-weight: 650; } .answer .small { text-align: right; white-space: nowrap; }
.sizes { display: grid; grid-template-columns: max-content 1fr max-content; gap: 10px 16px; align-items: center; margin-top: 20px; padding-top: 20px; border-top: 1px solid var(--line); }
.sizes .bar { height: 14px; border-radius: 7px; background: var(--before); } .sizes .bar.adapter { background: var(--after); min-width: 4px; }
.sizes span { font-variant-numeric: tabular-nums; }
pre { margin: 0; font: 13px/1.6 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-x: auto; background: var(--track); border-radius: 9px; padding: 12px 14px; tab-size: 2; }
.use p { margin: 18px 0 6px; } .use p:first-child { margin-top: 0; }
.badge { display: inline-block; min-width: 22px; padding: 0 5px; border-radius: 6px; color: var(--on-run); font-size: 13px; font-weight: 700; line-height: 22px; text-align: center; }
.named { display: inline-flex; gap: 8px; align-items: center; min-width: 0; } .named > span:last-child { overflow-wrap: anywhere; } .legend { display: flex; flex-wrap: wrap; gap: 6px 18px; margin-top: 10px; color: var(--ink); }
.kinds { list-style: none; margin: 0; padding: 0; } .kinds li { margin: 10px 0; } .kinds .badge { margin-right: 5px; } section.kind { border-top: 1px solid var(--line); padding-top: 40px; } section.kind h2 { font-size: 24px; margin-bottom: 16px; } section.kind h2::first-letter { text-transform: uppercase; }
.lane { display: grid; grid-template-columns: minmax(0, 3fr) 5fr 3em 3.2em; gap: 14px; align-items: center; padding: 6px 0; font-variant-numeric: tabular-nums; } .lane .track { height: 14px; border-radius: 7px; } .lane .track i { border-radius: 7px; }
.lane > span:nth-child(n+3) { text-align: right; } .lane .wide { grid-column: 2 / -1; text-align: left !important; } .lane.first { font-weight: 650; } .lane.first .small { color: var(--after); } .lane.alone { color: var(--soft); } .doubt { margin: 14px 0 0; }
.figures td:first-child, .figures th:first-child, .keys td:first-child, .keys th:first-child { position: sticky; left: 0; background: var(--card); padding-right: 8px; z-index: 1; }
.figures .named { max-width: 14em; } .figures td:first-child { white-space: normal; min-width: 12em; } tr.over th { text-align: left; border-bottom: 1px solid var(--line); color: var(--ink); } tr.over + tr th { padding-top: 8px; } tr.over th:empty { border: 0; } tr.alone td { color: var(--soft); }
td.best b { background: var(--after-soft); color: var(--after); border-radius: 7px; padding: 3px 7px; margin-right: -7px; } .behind { display: block; font-size: 12px; color: var(--soft); line-height: 1.2; }
.keys td { vertical-align: top; } .keys td:first-child { white-space: normal; min-width: 11em; } .keys .meaning { display: block; font-size: 12px; line-height: 1.4; color: var(--soft); } .keys td:not(:first-child) { white-space: normal; overflow-wrap: break-word; min-width: 4.5em; max-width: 12em; } .keys td.other { font-weight: 650; } code { font: 13px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.folders { margin: 20px 0 0; padding-top: 16px; border-top: 1px solid var(--line); } .folders div { display: flex; gap: 10px; margin: 6px 0; } .folders dd { margin: 0; min-width: 0; } .note { border-left: 3px solid var(--second); padding-left: 12px; }
.many .ranking { grid-template-columns: minmax(0, 168px) minmax(0, 1fr); } .many .tiles { grid-template-columns: repeat(5, minmax(0, 92px)); } .many .ranking .label b { margin-bottom: 2px; }
details summary { cursor: pointer; color: var(--soft); } details[open] summary { margin-bottom: 12px; }
footer { margin-top: 64px; color: var(--soft); font-size: 13px; }
@media (max-width: 620px) {
  main { padding: 32px 16px 48px; } section { margin-top: 44px; } .lede { font-size: 24px; }
  .pair { grid-template-columns: 1fr; } .card { padding: 18px 16px; border-radius: 12px; } .big .to { font-size: 44px; }
  .ranking, .many .ranking { grid-template-columns: 1fr; gap: 8px; } .many .tiles { grid-template-columns: repeat(5, 1fr); }
  .lane { grid-template-columns: 1fr auto 3.2em; gap: 2px 10px; } .lane > span:first-child { grid-column: 1; grid-row: 1; } .lane .track { grid-column: 1 / -1; grid-row: 2; } .lane .wide { grid-column: 1 / -1; grid-row: 2; }
  .keys .meaning { display: none; } .keys td:first-child { min-width: 10em; } .figures td:first-child { min-width: 8em; } .ranking .label { display: flex; gap: 8px; align-items: baseline; } .tiles { gap: 7px; }
  .tile.right { outline-width: 2px; outline-offset: 1px; } .tile.right::after { width: 18px; height: 18px; line-height: 18px; font-size: 11px; }
  .example, .sides { grid-template-columns: 1fr; gap: 14px; }
  .chart .wide { display: none; } .chart .narrow { display: block; }
  th, td { padding-left: 12px; } .readings td:first-child, .readings th:first-child { position: sticky; left: 0; background: var(--card); } td.dumbbell, th.dumbbell { display: none; }
}
@media print { body { background: none; -webkit-print-color-adjust: exact; print-color-adjust: exact; } .card { break-inside: avoid; } .scroll { overflow: visible; } }
`;

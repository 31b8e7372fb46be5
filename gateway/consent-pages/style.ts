/** Where the style is: beside the pages, so that they load nothing from elsewhere. */
export const STYLE_PATH = '/consent/style.css'

/** Contrasts are at least 4.5 to 1 in both schemes; everything that is pressed is 44 px high (WCAG 2.2). */
export const STYLE = `
:root { color-scheme: light dark; --ink: #16202c; --soft: #4d5c6c; --line: #c3cdd8; --paper: #fff; --ground: #f3f6f9; --brand: #0b6b74; --on-brand: #fff; --warn: #a3261b }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf4; --soft: #a9b7c6; --line: #3a495a; --paper: #16202b; --ground: #0e151d; --brand: #4cc2cc; --on-brand: #0e151d; --warn: #ff9d92 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans SC', 'Noto Sans CJK SC', sans-serif; overflow-wrap: anywhere }
main { max-width: 38rem; margin: 0 auto; padding: 1rem }
nav { max-width: 38rem; margin: 0 auto; padding: .75rem 1rem 0; display: flex; justify-content: space-between; gap: 1rem; color: var(--soft); font-size: .9rem }
nav b { color: var(--brand); letter-spacing: -.01em }
h1 { font-size: 1.45rem; line-height: 1.25; margin: .5rem 0 }
h2 { font-size: 1.05rem; margin: 1.4rem 0 .4rem }
p { margin: .4rem 0 }
.soft { color: var(--soft) }
a { color: var(--brand) }
section, fieldset, .tag { background: var(--paper); border: 1px solid var(--line); border-radius: .75rem; padding: .75rem 1rem; margin: 0 0 .75rem }
fieldset { background: none; border: 0; padding: 0; margin: 0; min-width: 0 }
legend { font-size: 1.05rem; font-weight: 700; margin: 1.4rem 0 .4rem; padding: 0 }
.pick { display: flex; gap: .75rem; align-items: center; min-height: 44px; font-weight: 600 }
input[type=checkbox] { width: 1.4rem; height: 1.4rem; flex: none; margin: 0; accent-color: var(--brand) }
label { display: block }
label span { font-size: .9rem; color: var(--soft); font-weight: 400 }
select, input[type=text], textarea { width: 100%; min-height: 44px; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--soft); border-radius: .5rem; padding: .4rem .6rem; margin: .2rem 0 .4rem }
dl { margin: 0; display: grid; grid-template-columns: 8rem 1fr; gap: .35rem 1rem }
dt { color: var(--soft) }
dd { margin: 0 }
dd ul { margin: 0; padding-left: 1.1rem }
.buttons { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; margin: 1.25rem 0 .75rem }
button, .button { display: flex; align-items: center; justify-content: center; text-align: center; min-height: 48px; font: inherit; font-weight: 600; border-radius: .6rem; border: 2px solid var(--brand); background: var(--paper); color: var(--brand); padding: .5rem 1rem; cursor: pointer; text-decoration: none }
.main { background: var(--brand); color: var(--on-brand) }
:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px }
[role=alert] { border: 2px solid var(--warn); color: var(--warn); border-radius: .6rem; padding: .6rem 1rem; margin: .75rem 0; background: var(--paper) }
.ways { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; align-items: center; border-bottom: 1px solid var(--line); margin: 0 0 .75rem; padding: 0 0 .25rem }
.ways a, .ways button { display: flex; align-items: center; min-height: 44px; border: 0; background: none; padding: 0; color: var(--brand); font-weight: 400; text-decoration: underline }
.ways form { margin-left: auto }
.card { color: inherit; text-decoration: none; display: block }
.state { display: inline-block; font-size: .85rem; border: 1px solid currentColor; border-radius: 1rem; padding: 0 .6rem }
dd.said { white-space: pre-line }
pre { white-space: pre-wrap; font-size: .8rem; margin: 0 }
@media (max-width: 26rem) { dl { grid-template-columns: 1fr; gap: 0 } dd { margin-bottom: .5rem } }
`

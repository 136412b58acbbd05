export const STYLE = `
:root { --ink: #1d2730; --soft: #55626d; --line: #d5dce1; --paper: #fff; --ground: #f3f5f6; --accent: #24567a }
* { box-sizing: border-box }
body { margin: 0; font: 16px/1.65 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; color: var(--ink); background: var(--ground) }
body.bidding { --accent: #7a3b12 } body.property { --accent: #1d5b3a } body.hall { --accent: #4b3f8f }
.fictional { margin: 0; background: #fff3cd; color: #573f00; padding: 6px 16px; text-align: center; font-size: 14px }
header { background: var(--accent); color: #fff }
header > div, main { max-width: 1080px; margin: 0 auto; padding: 14px 16px }
header > div { display: flex; flex-wrap: wrap; gap: 4px 28px; align-items: baseline }
header a { color: #fff; text-decoration: none } header nav { display: flex; gap: 20px } header nav a:hover { text-decoration: underline }
header .name { font-size: 20px; font-weight: 600 }
a { color: var(--accent) }
a:focus-visible, button:focus-visible, input:focus-visible, select:focus-visible, textarea:focus-visible { outline: 3px solid #f2b134; outline-offset: 2px }
.en { color: var(--soft); font-size: 14px; font-weight: 400 }
summary { cursor: pointer } li + li { margin-top: 6px } header .en { color: #f0f0f0 }
h1 { font-size: 26px; line-height: 1.3; margin: 14px 0 6px } h2 { font-size: 18px; margin: 0 0 10px }
section, .sheet { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 18px; margin: 16px 0 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 6px 18px; margin: 0 } dt { color: var(--soft) } dd { margin: 0; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: 9px 10px; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere }
thead th { color: var(--soft); font-weight: 500; font-size: 14px }
label { display: block; margin: 12px 0 4px }
input, select, textarea { width: 100%; font: inherit; color: inherit; padding: 8px 10px; border: 1px solid #8996a0; border-radius: 6px; background: #fff }
textarea { min-height: 76px }
button, .button { display: inline-block; font: inherit; margin-top: 16px; padding: 9px 22px; border: 0; border-radius: 6px; background: var(--accent); color: #fff; text-decoration: none; cursor: pointer }
.two { display: grid; gap: 16px; grid-template-columns: repeat(auto-fit, minmax(280px, 1fr)) } .two > section { margin: 0 }
.mark { display: inline-block; padding: 1px 10px; border-radius: 12px; font-size: 14px; white-space: nowrap; background: #e8edf0; color: #33424d }
.mark.bad { background: #fbe3e1; color: #8c1d18 } .mark.warn { background: #fdefd0; color: #6b4a00 } .mark.good { background: #dff1e4; color: #185c34 }
.fault { border-left: 5px solid #b3261e; background: #fdf1f0 } .wait { border-left: 5px solid #b58100; background: #fffaeb } .fine { border-left: 5px solid #2f7d4f; background: #f2faf5 }
@media (max-width: 640px) {
  main { padding: 8px 12px } dl { grid-template-columns: 1fr; gap: 0 } dd { margin-bottom: 8px }
  table, tbody, tr, td, th[scope=row] { display: block; width: 100% } thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
  tr { border-bottom: 1px solid var(--line); padding: 8px 0 } td, th { border: 0; padding: 2px 0 } td[data-label]::before { content: attr(data-label) "："; color: var(--soft) }
}
`

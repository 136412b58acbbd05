import { createHash } from 'node:crypto'

/** The portal's one stylesheet. Served under a name that changes with its content. */
export const stylesheet = `
:root{--ink:#1b2733;--soft:#52606d;--line:#dfe5ea;--paper:#fff;--wash:#f4f7f9;--accent:#0b5c7d;--accent-deep:#084660;--warn:#8a3b12;--warn-wash:#fdf3ec;--good:#1f6b45;--radius:10px;--wide:1120px}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;display:flex;flex-direction:column;min-height:100vh;color:var(--ink);background:var(--wash);font:16px/1.65 system-ui,-apple-system,"PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans CJK SC","Source Han Sans SC",sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
a{color:var(--accent);text-underline-offset:.18em}
a:hover{color:var(--accent-deep)}
:focus-visible{outline:3px solid #e0a100;outline-offset:2px;border-radius:4px}
.wrap{max-width:var(--wide);margin:0 auto;padding:0 20px}
.skip{position:absolute;left:-999px;top:0;background:#fff;padding:8px 14px;z-index:9}.skip:focus{left:8px}
.fiction{margin:0;background:#fff6d6;border-bottom:1px solid #ecd88a;font-size:14px;text-align:center;padding:6px 16px;color:#5c4700}
header.site{background:var(--paper);border-bottom:1px solid var(--line)}
.bar{display:flex;flex-wrap:wrap;gap:6px 28px;align-items:center;min-height:68px;padding-top:8px;padding-bottom:8px}
.brand{display:flex;gap:12px;align-items:center;text-decoration:none;color:var(--ink);font-weight:650;font-size:19px;margin-right:auto}
.brand svg{width:36px;height:36px;flex:none}
.brand small{display:block;font-size:12px;font-weight:400;color:var(--soft);letter-spacing:.08em}
nav.site ul{display:flex;flex-wrap:wrap;gap:2px 4px;list-style:none;margin:0;padding:0}
nav.site a{display:block;padding:8px 12px;border-radius:8px;text-decoration:none;color:var(--ink)}
nav.site a:hover{background:var(--wash)}
nav.site a[aria-current]{background:#e6f0f5;color:var(--accent-deep);font-weight:600}
main{padding:28px 0 56px;flex:1;outline-offset:-3px}main:has(.hero){padding-top:0}
h1{font-size:clamp(24px,3.2vw,34px);line-height:1.3;margin:0 0 12px;letter-spacing:.01em}
h2{font-size:21px;margin:36px 0 12px;line-height:1.35}h2.flush{margin-top:0}.results{margin-top:24px}
h3{font-size:17px;margin:22px 0 8px;line-height:1.4}h4,.card>h3:first-child{font-size:17px;margin:0 0 6px;line-height:1.4}
p{margin:0 0 12px}.lead{color:var(--soft);max-width:46em}.soft{color:var(--soft)}.small{font-size:14px}
.card{background:var(--paper);border:1px solid var(--line);border-radius:var(--radius);padding:20px 22px;margin:0 0 16px}
.hero{background:linear-gradient(160deg,#0b5c7d,#084660);color:#fff;padding:52px 0 60px}
.hero h1{font-size:clamp(27px,4.4vw,44px);color:#fff;margin-bottom:6px}.hero p{color:#d7e8ef}
.hero+.wrap{margin-top:-30px}.figures+.two{margin-top:20px}
form.search{display:flex;gap:10px;margin-top:20px;max-width:760px}
input,select,button{font:inherit;color:inherit}
input[type=search],input[type=text],input[type=date],select{border:1px solid #8795a1;border-radius:8px;padding:10px 12px;background:#fff;min-width:0;width:100%;color:var(--ink)}
form.search input{padding:14px 16px;font-size:17px}
button,.button{border:0;border-radius:8px;background:var(--accent);color:#fff;padding:10px 20px;cursor:pointer;white-space:nowrap;text-decoration:none;display:inline-block}
button:hover,.button:hover{background:var(--accent-deep);color:#fff}
.hero button{background:#f2b705;color:#2b2200;font-weight:600}.hero button:hover{background:#ffd04a;color:#2b2200}
.figures{display:grid;grid-template-columns:repeat(4,1fr);gap:14px;margin:0;padding:0}
.figures div{background:var(--paper);border:1px solid var(--line);border-radius:var(--radius);padding:16px 20px}
.figures dt{color:var(--soft);font-size:14px}.figures dd{margin:2px 0 0;font-size:27px;font-weight:650;line-height:1.2}
.card>:last-child,.empty>:last-child{margin-bottom:0}.head{display:flex;justify-content:space-between;align-items:baseline;gap:12px;margin-bottom:10px}.actions{display:flex;flex-wrap:wrap;gap:4px 20px;margin-bottom:0}
.hero .small{margin:10px 0 0}time{white-space:nowrap}.card .fields th{padding-left:0}.narrow{max-width:820px}.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.report{display:grid;grid-template-columns:minmax(0,1.1fr) minmax(0,1fr);gap:20px;align-items:start;margin-top:18px}
.number{text-align:right;white-space:nowrap}.warn{color:var(--warn)}
.cover th,.cover td{padding:7px 10px}.cover tbody th{font-weight:400}
.past{border-left:5px solid var(--accent);background:#eef6fa}.past p:last-child{margin:0}
.objected{margin:10px 0 0;padding:8px 12px;border:1px solid #c9a227;border-left-width:5px;border-radius:6px;background:#fffaf0;font-size:14px}
.asof{margin-top:14px;padding-top:16px;border-top:1px solid var(--line)}.asof label{display:block;font-size:14px;color:var(--soft);margin-bottom:4px}.together{display:flex;gap:10px;max-width:360px}
.of{font-size:18px}code.official{font-size:1.02em;letter-spacing:.03em}
.changes{border-radius:6px}.changes del{color:var(--soft)}.changes ins{font-weight:600;text-decoration:none}
.two{display:grid;grid-template-columns:1fr 1fr;gap:28px}
ul.plain{list-style:none;margin:0;padding:0}
ul.plain>li{padding:12px 0;border-top:1px solid var(--line)}ul.plain>li:first-child{border-top:0;padding-top:2px}
.row-title{font-weight:600;text-decoration:none}.row-title:hover{text-decoration:underline}
.meta{color:var(--soft);font-size:14px;display:flex;flex-wrap:wrap;gap:2px 14px}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:10px 12px;border-top:1px solid var(--line)}
thead th{border-top:0;color:var(--soft);font-weight:600;font-size:14px;white-space:nowrap}
.fields tr:first-child>*{border-top:0}.fields th{width:14em;color:var(--soft);font-weight:400;white-space:normal}
.scroll{overflow-x:auto}
.tag{display:inline-block;font-size:13px;line-height:1.5;border:1px solid currentColor;border-radius:5px;padding:0 7px;color:var(--soft)}
.tag.adverse{color:var(--warn);background:var(--warn-wash)}.tag.good{color:var(--good)}
.fact{border:1px solid var(--line);border-left:4px solid #a9c4d1;border-radius:var(--radius);background:var(--paper);padding:16px 20px;margin:0 0 14px;break-inside:avoid}
.fact.adverse{border-left-color:#b4572a}
.fact dl{display:grid;grid-template-columns:11em 1fr;gap:3px 16px;margin:10px 0 0}
.fact dt{color:var(--soft)}.fact dd{margin:0}
.files{margin:22px 0 18px}.partly{margin:0 0 12px;padding:8px 14px;border-left:4px solid var(--accent);background:#eef6fa;border-radius:6px}
.term{margin-top:10px;padding-top:10px;border-top:1px dashed var(--line);font-size:14px;color:var(--soft)}
.filters{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;align-items:end}
.filters select,.filters input,.filters button{height:46px}
.filters label{font-size:14px;color:var(--soft);display:block}
.tabs{display:flex;gap:6px;margin:0 0 16px;padding:0;list-style:none;border-bottom:1px solid var(--line)}
.tabs a{display:block;padding:10px 18px;text-decoration:none;color:var(--ink);border-bottom:3px solid transparent}
.tabs a[aria-current]{border-color:var(--accent);color:var(--accent-deep);font-weight:600}
.quiet{background:#fff;color:var(--accent);box-shadow:inset 0 0 0 1px var(--accent)}
.cards{background:var(--paper);border:1px solid var(--line);border-radius:var(--radius);border-spacing:0;border-collapse:separate}.cards thead th{border-top:0}.cards td:first-child{white-space:nowrap}.cards td.wide{white-space:normal}
textarea{font:inherit;color:inherit;border:1px solid #8795a1;border-radius:8px;padding:10px 12px;width:100%;background:#fff;resize:vertical}form.complaint label{font-weight:600;display:block}form.complaint .small{display:block;margin-bottom:6px}fieldset{border:0;margin:0 0 16px;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(210px,1fr));gap:2px 16px}legend{font-weight:600;padding:0;margin-bottom:6px}form.complaint label.choice{font-weight:400;display:flex;gap:8px;align-items:center;min-height:36px}form.complaint .actions{align-items:center}.warned{border-color:#d9a27f;background:var(--warn-wash)}.announcements{margin-top:20px}.announcements details{padding:8px 0;border-top:1px solid var(--line)}.announcements h2+details{border-top:0}.announcements summary{font-size:16px}.announcements details p{margin:8px 0 0}
summary{cursor:pointer;color:var(--accent);font-size:14px}section.card ul:not(.plain){margin:0;padding-left:1.3em}
.pager{display:flex;gap:12px;margin:18px 0}
.nothing{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:baseline;gap:0 16px;border-bottom:1px dashed #b8c4ce}.nothing h2{margin:12px 0;font-size:1.05rem}.nothing .empty{margin:0;padding:0;border:0;background:none}
.empty{padding:14px 20px;margin:0 0 16px;text-align:center;color:var(--soft);background:var(--paper);border:1px dashed #b8c4ce;border-radius:var(--radius)}
mark{background:#ffeaa3;color:inherit;padding:0 1px}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Noto Sans Mono CJK SC",monospace;font-size:.92em}
pre{background:#eef2f5;border-radius:8px;padding:14px 16px;overflow-x:auto}
footer.site{border-top:1px solid var(--line);background:var(--paper);color:var(--soft);font-size:14px;padding:24px 0 36px}
footer.site a{color:var(--soft)}
footer ul{display:flex;flex-wrap:wrap;gap:4px 20px;list-style:none;padding:0;margin:0 0 8px}
.only-print{display:none}
@media screen and (max-width:760px){.figures{grid-template-columns:1fr 1fr}.two{grid-template-columns:1fr;gap:0}.filters{grid-template-columns:repeat(2,minmax(0,1fr))}.filters>div:first-of-type,.filters button{grid-column:1/-1}.report{grid-template-columns:minmax(0,1fr);gap:0}.cards,.cards tbody,.cards tr,.cards td,.cards tbody th{display:block}.cards{border:0;background:none;position:relative;overflow:clip}.cards thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}.cards tr{background:var(--paper);border:1px solid var(--line);border-radius:var(--radius);padding:10px 16px;margin-bottom:12px}.cards td,.cards tbody th{border:0;padding:3px 0;white-space:normal}.cards td{display:grid;grid-template-columns:6.5em minmax(0,1fr);gap:10px}.cards .number{text-align:left}.filters .whole{grid-column:1/-1}.cards td::before{content:attr(data-label);color:var(--soft);font-size:14px;line-height:1.85}.fact dl{grid-template-columns:1fr;gap:0}.fact dd{margin-bottom:7px}.fields th,.fields td{display:block;width:auto;padding:3px 0}.fields tr{display:block;padding:8px 0;border-top:1px solid var(--line)}.fields tr:first-child{border-top:0}.fields td,.fields th{border:0}.wrap{padding-left:16px;padding-right:16px}.hero{padding:34px 0 52px}.brand{font-size:17px}form.search{gap:8px}form.search button{padding:10px 16px}nav.site a{padding:7px 9px}}
@media print{body{display:block;min-height:0;background:#fff;font-size:10.5pt;line-height:1.5}header.site nav,footer.site ul,form,.skip,.tabs,.pager,.no-print{display:none!important}.only-print{display:block}header.site{border-bottom:2px solid #000}.bar{min-height:0;flex-wrap:nowrap}.printed{margin:0;text-align:right;font-size:9pt;color:#333}.fiction{border:1px solid #000;background:#fff;color:#000;font-weight:600}.card,.fact{border-color:#999;padding:8px 12px;margin-bottom:8px}.report{grid-template-columns:1fr 1fr;gap:12px}.wrap{max-width:none;padding:0}main{padding:10px 0}h1{font-size:18pt}h2{font-size:13pt;margin:16px 0 6px;break-after:avoid}h3,h4{break-after:avoid;font-size:11pt}th,td{padding:4px 8px}tr{break-inside:avoid}.fact{border-left-color:#777}.empty{padding:6px;border:0;text-align:left}.hero{background:#fff;color:#000;padding:0}.hero h1,.hero p{color:#000}.hero+.wrap{margin-top:0}.figures div,.fact dl{break-inside:avoid}.fact dl{grid-template-columns:10em 1fr}.term{margin:6px 0 0;padding-top:6px}a{color:inherit;text-decoration:none}footer.site{padding:8px 0;font-size:9pt}@page{size:A4;margin:15mm}}
`.trim()

export const stylesheetPath = `/assets/${createHash('sha256').update(stylesheet).digest('hex').slice(0, 12)}.css`

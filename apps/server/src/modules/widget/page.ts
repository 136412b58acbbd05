/** The panel's page: no data, no inline script or style; the words come with the language that the site asked for. */
export function panelPage(city: string): string {
  const field = (id: string, word: string, attributes = '') =>
    `<label for="${id}"><span data-word="${word}"></span></label><input id="${id}" name="${id}" autocomplete="off" ${attributes}>`
  const option = (value: string) => `<option value="${value}" data-word="${value}"></option>`
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${city}公共信用平台</title>
<link rel="icon" href="/assets/logo.svg">
<link rel="stylesheet" href="/widget/panel.css">
<script type="module" src="/widget/panel.js"></script>
</head>
<body>
<header><img src="/assets/logo.svg" alt=""><h1 data-word="title"></h1><p id="who"></p></header>
<main>
<section id="signed-out" hidden>
<p data-word="signIn"></p>
<div class="actions"><a class="button" href="/console/" target="_blank" rel="noopener" data-word="signInLink"></a><button type="button" class="second" id="retry" data-word="retry"></button></div>
</section>
<form id="question" hidden>
<p class="hint"><span data-word="asks"></span> <span id="origin"></span></p>
<div class="pair">
<div>${field('matter', 'matter', 'required maxlength="40"')}</div>
<div>${field('caseNumber', 'caseNumber', 'required maxlength="100"')}</div>
<div><label for="kind"><span data-word="kind"></span></label><select id="kind">${['organisation', 'individualBusiness', 'person'].map(option).join('')}</select></div>
<div>${field('identifier', 'identifier', 'required maxlength="40"')}</div>
</div>
${field('name', 'name', 'required maxlength="200"')}
${field('purpose', 'purpose', 'required minlength="2" maxlength="200"')}
<div id="ground" hidden>
<h2 data-word="ground"></h2>
<div class="pair">
<div>${field('consent', 'consent', 'maxlength="64"')}</div>
<div>${field('consentUntil', 'consentUntil', 'type="date"')}</div>
<div>${field('law', 'law', 'maxlength="200"')}</div>
<div>${field('article', 'article', 'maxlength="60"')}</div>
</div>
</div>
<div class="actions"><button id="ask" data-word="ask"></button></div>
</form>
<section id="answer" hidden aria-labelledby="answer-title">
<h2 id="answer-title" tabindex="-1" data-word="result"></h2>
<p class="result" id="result"></p>
<p id="explanation"></p>
<dl><dt data-word="number"></dt><dd id="number"></dd><dt data-word="validUntil"></dt><dd id="valid"></dd></dl>
<div class="actions"><button type="button" id="hand" data-word="hand"></button><button type="button" class="second" id="again" data-word="again"></button></div>
</section>
<section id="stopped" hidden></section>
<p id="alarm" role="alert"></p>
</main>
</body>
</html>`
}

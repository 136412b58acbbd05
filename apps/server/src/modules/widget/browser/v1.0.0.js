/*! Xinheng 信衡 check widget 1.0.0. Apache-2.0. This file never changes: later versions have other names. */
;(() => {
  const script = document.currentScript
  if (!(script instanceof HTMLScriptElement) || script.src === '') return
  const platform = new URL(script.src).origin
  const given = script.dataset
  const language = (given.language || document.documentElement.lang || 'zh').toLowerCase().startsWith('en')
    ? 'en'
    : 'zh'
  const say = (zh, en) => (language === 'en' ? en : zh)
  const RESULTS = {
    clear: say('未发现名单记录', 'Nothing found'),
    remind: say('提示', 'Reminder'),
    warn: say('警示', 'Warning'),
    intercept: say('暂缓办理，由经办人决定', 'Suspended: an officer decides'),
    reward: say('守信激励', 'Incentive'),
    toBeDecidedByAnOfficer: say('由经办人决定', 'An officer decides'),
  }
  const STYLE = `
    :host { display: block; font: 14px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: #1c2733; }
    .box { display: flex; flex-wrap: wrap; gap: 10px 12px; align-items: center; padding: 12px; border: 1px solid #b9c4cf; border-radius: 8px; background: #fff; }
    button { font: inherit; font-weight: 600; min-height: 40px; padding: 6px 16px; border: 1px solid #0b5c7d; border-radius: 6px; background: #0b5c7d; color: #fff; cursor: pointer; }
    button:hover { background: #084a65; }
    button:focus-visible { outline: 3px solid #f2a900; outline-offset: 2px; }
    .status { flex: 1 1 220px; min-width: 0; margin: 0; overflow-wrap: anywhere; }
    .status strong { display: inline-block; margin-right: 8px; padding: 0 8px; border-radius: 4px; background: #e8eef3; color: #1c2733; }
    .status strong[data-kind="intercept"] { background: #8c1d18; color: #fff; }
    .status strong[data-kind="warn"], .status strong[data-kind="toBeDecidedByAnOfficer"] { background: #fbe3b3; color: #4a3200; }
    .status strong[data-kind="clear"], .status strong[data-kind="reward"] { background: #d5eddc; color: #0e4523; }
    .more { display: block; color: #43515e; }
    @media (forced-colors: active) { .box, button, strong { border: 1px solid; } }`

  const host = document.createElement('div')
  const root = host.attachShadow({ mode: 'open' })
  // A sheet that is made is no inline style: it needs nothing of the page's policy.
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(STYLE)
  root.adoptedStyleSheets = [sheet]
  const element = (name, properties, ...children) => {
    const one = Object.assign(document.createElement(name), properties)
    one.append(...children)
    return one
  }
  const button = element('button', { type: 'button', textContent: say('信用核查', 'Credit check') })
  const status = element('p', { className: 'status' }, say('尚未核查', 'Not checked yet'))
  status.setAttribute('role', 'status')
  status.setAttribute('aria-live', 'polite')
  const box = element('div', { className: 'box' }, button, status)
  box.setAttribute('role', 'group')
  box.setAttribute('aria-label', say('信用核查', 'Credit check'))
  box.lang = language === 'en' ? 'en' : 'zh-CN'
  root.append(box)
  const place = () => {
    const target = given.targetSelector ? document.querySelector(given.targetSelector) : null
    if (target === null) script.after(host)
    else target.append(host)
  }
  place()

  const textOf = (selector) => {
    const one = selector ? document.querySelector(selector) : null
    if (one === null) return ''
    return String('value' in one && typeof one.value === 'string' ? one.value : one.textContent).trim()
  }
  /** What the officer need not type again. It goes to the panel by message, never into an address. */
  const prefill = () => ({
    type: 'xinheng.prefill',
    matter: given.matter || textOf(given.matterSelector),
    kind: given.kind || textOf(given.kindSelector),
    identifier: textOf(given.applicantSelector),
    name: textOf(given.nameSelector),
    caseNumber: textOf(given.caseSelector),
    purpose: given.purpose || '',
  })

  let panel = null
  let watching = 0
  let answered = false
  const tell = (...children) => status.replaceChildren(...children)
  button.addEventListener('click', () => {
    const address = `${platform}/widget/check#origin=${encodeURIComponent(location.origin)}&language=${language}`
    panel = window.open(address, 'xinheng-check', 'popup,width=560,height=780')
    answered = false
    if (panel === null)
      return tell(
        say(
          '浏览器拦截了核查窗口：请允许本站打开窗口后再试。',
          'The browser blocked the window: allow this site to open windows, then try again.',
        ),
      )
    tell(say('核查窗口已打开，请在其中完成核查。', 'The check is open in its own window.'))
    clearInterval(watching)
    watching = setInterval(() => {
      if (!panel.closed) return
      clearInterval(watching)
      if (!answered) tell(say('窗口已关闭，尚未核查。', 'The window was closed: not checked yet.'))
      button.focus()
    }, 400)
  })

  window.addEventListener('message', (event) => {
    if (event.origin !== platform || panel === null || event.source !== panel) return
    const data = event.data
    if (typeof data !== 'object' || data === null) return
    if (data.type === 'xinheng.ready') return event.source.postMessage(prefill(), platform)
    if (data.type !== 'xinheng.result' || !(data.result in RESULTS)) return
    answered = true
    const detail = Object.freeze({
      number: String(data.number),
      result: String(data.result),
      explanation: Object.freeze({ zh: String(data.explanation.zh), en: String(data.explanation.en) }),
    })
    const label = element('strong', { textContent: RESULTS[detail.result] })
    label.dataset.kind = detail.result
    const number = element('span', { textContent: `${say('编号', 'No.')} ${detail.number}` })
    const more = element('span', { className: 'more', textContent: detail.explanation[language] })
    tell(label, number, more)
    const field = given.resultSelector ? document.querySelector(given.resultSelector) : null
    if (field !== null && 'value' in field) {
      field.value = detail.number
      field.dispatchEvent(new Event('input', { bubbles: true }))
      field.dispatchEvent(new Event('change', { bubbles: true }))
    }
    host.dispatchEvent(new CustomEvent('xinheng:result', { bubbles: true, composed: true, detail }))
  })
})()

/** Keeps an open page up to date where scripts run; without them it is read again by hand. What is being typed stays. */
export const LIVE = `setInterval(async () => {
  const now = document.querySelector('main')
  if (document.hidden || now.querySelector('form') !== null) return
  try {
    const text = await (await fetch(location.href)).text()
    const next = new DOMParser().parseFromString(text, 'text/html').querySelector('main')
    if (next !== null && next.innerHTML !== now.innerHTML) now.replaceWith(next)
  } catch {}
}, 5000)
`

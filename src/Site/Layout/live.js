// <div data-live="/live/worklist">: says "3 new" as it happens, in the place that is kept for it, and moves nothing else.
// On every connection the server says first how things stand. A message is {"count": 3, "text": "3 new", "items": [{"text": "…", "href": "/…"}]}. Its words become text nodes and links
// within this site, never markup; the empty href is this very page, asked for again. Without JavaScript the region is empty and the page is as it was when it was asked for.
const slowest = 60_000
const patience = 5_000 // a connection that comes back within this was never gone

for (const region of document.querySelectorAll('[data-live]')) listen(region)

function listen (region) {
  const lost = region.dataset.liveLost
  let wait = 1_000
  let source
  let timer
  let missing
  region.setAttribute('aria-live', 'polite')
  open()

  function open () {
    clearTimeout(timer)
    source = new EventSource(region.dataset.live)
    source.onopen = () => {
      wait = 1_000
      clearTimeout(missing)
      missing = undefined
      if (region.classList.contains('heed-live--lost')) show({ count: 0 })
    }
    source.onmessage = event => {
      let message
      try { message = JSON.parse(event.data) } catch { message = { count: 1, text: event.data } }
      show(message ?? {})
    }
    source.addEventListener('over', () => { source.close(); ask() })
    source.onerror = () => {
      if (lost) {
        missing ??= setTimeout(() => {
          region.classList.remove('heed-live--new')
          region.classList.add('heed-live--lost')
          say([document.createTextNode(lost)])
        }, patience)
      }
      // The browser tries again by itself, unless the server said no: then we do, ever more slowly and not all at once.
      if (source.readyState === EventSource.CLOSED) {
        ask()
        timer = setTimeout(open, wait * (0.5 + Math.random()))
        wait = Math.min(wait * 2, slowest)
      }
    }
  }

  function show ({ count = 0, text, items = [] }) {
    region.classList.remove('heed-live--lost')
    region.classList.toggle('heed-live--new', count > 0 || items.length > 0)
    const said = []
    if (text) said.push(document.createTextNode(text))
    for (const item of items) {
      if (said.length > 0) said.push(document.createTextNode(' '))
      said.push(link(item))
    }
    say(said)
  }

  function say (nodes) {
    const next = nodes.map(node => node.textContent).join('')
    if (next !== region.textContent) region.replaceChildren(...nodes)
  }

  document.addEventListener('heed-left', () => { clearTimeout(timer); clearTimeout(missing); source.close() })
  addEventListener('pagehide', () => { clearTimeout(timer); clearTimeout(missing); source?.close() })
  addEventListener('pageshow', event => { if (event.persisted) open() })
}

// session.js asks whether anybody is signed in here still, and takes the page away where not.
function ask () {
  document.dispatchEvent(new Event('heed-ask'))
}

function link ({ text = '', href }) {
  const to = href === undefined ? null : new URL(href, location.href)
  if (to?.origin !== location.origin) return document.createTextNode(text)
  const made = document.createElement('a')
  made.className = 'govuk-link'
  made.href = to.href
  made.textContent = text
  return made
}

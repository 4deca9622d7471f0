// <div data-session="/live/session" data-who="…">: a page that was left open leaves the screen when its session ends (ASVS 5.0, 14.3.1), and when somebody else has signed in at this browser since. It asks once a
// minute while it is looked at; that it asks keeps nobody signed in, that somebody types, clicks or scrolls does. Two minutes before the end it says so (WCAG 2.2, 2.2.1). Without JavaScript it stays as it is.
const every = 60_000
const soon = 120_000
const longest = 1_800_000 // what a page that has just come has left
const again = 5_000 // after an answer that says nothing: the site is away, or busy

const place = document.querySelector('[data-session]')
if (place) watch(place)

function watch (place) {
  const { session, who, soonText, lastText, stay } = place.dataset
  let ends = Date.now() + longest
  let here = false
  let warned = false
  let staying = true
  let left = false
  let timer = setTimeout(ask, every)
  for (const event of ['keydown', 'pointerdown', 'input', 'wheel', 'touchmove']) addEventListener(event, touched, { passive: true, capture: true })
  document.addEventListener('visibilitychange', ask)
  document.addEventListener('heed-ask', ask)
  addEventListener('pageshow', event => { if (event.persisted) ask() })

  function touched () {
    here = true
    if (warned && staying) ask()
  }

  async function ask () {
    if (left) return
    clearTimeout(timer)
    timer = setTimeout(ask, every)
    const said = here
    here = false
    let wait = again
    try {
      const answer = await fetch(said ? `${session}?here=true` : session, { cache: 'no-store' })
      if (answer.status === 401) return leave()
      if (answer.ok) {
        const now = await answer.json()
        if (now.who !== who) return leave()
        ends = Date.now() + now.seconds * 1_000
        staying = !now.last
        warn(now.seconds * 1_000 <= soon)
        wait = document.hidden || warned ? now.seconds * 1_000 : Math.min(every, now.seconds * 1_000 - soon)
      }
    } catch {
      here ||= said
    }
    // What nobody can be asked about ends when it would have ended.
    if (Date.now() >= ends) return leave()
    clearTimeout(timer)
    timer = setTimeout(ask, Math.max(1_000, Math.min(wait, ends - Date.now())))
  }

  function warn (now) {
    if (now === warned) return
    warned = now
    if (!now) return place.replaceChildren()
    const said = made('p', staying ? soonText : lastText)
    said.setAttribute('role', 'alert')
    place.replaceChildren(said)
    if (!staying) return
    const button = made('button', stay, 'govuk-button govuk-button--secondary')
    button.type = 'button'
    button.addEventListener('click', () => { here = true; ask() })
    place.append(button)
  }

  function leave () {
    left = true
    clearTimeout(timer)
    document.dispatchEvent(new Event('heed-left'))
    const { overTitle, overText, overLink, service } = place.dataset
    const main = made('main', '', 'govuk-main-wrapper govuk-width-container')
    const heading = made('h1', overTitle, 'govuk-heading-l')
    heading.tabIndex = -1
    const link = made('a', overLink, 'govuk-button')
    link.href = `/sign-in?then=${encodeURIComponent(location.pathname + location.search)}`
    main.append(heading, made('p', overText, 'govuk-body'), link)
    document.title = `${overTitle} - ${service}`
    document.body.replaceChildren(main)
    heading.focus()
  }
}

function made (tag, text, className = '') {
  const element = document.createElement(tag)
  element.className = className
  element.textContent = text
  return element
}

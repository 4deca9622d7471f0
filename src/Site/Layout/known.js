// <form data-known="#known">: while a name is typed, whom the force knows already is offered. It sends the form as its Search button does and takes the one part out of the page that comes
// back: without JavaScript the button does the same. What was typed never stands in a URL.
const patience = 700
const fewest = 3 // letters; fewer find everybody

for (const form of document.querySelectorAll('form[data-known]')) {
  const button = form.querySelector('button[value=find]')
  let timer
  let asked = ''
  let asking

  form.addEventListener('input', event => {
    if (!event.target.matches('[data-known-by]')) return
    clearTimeout(timer)
    timer = setTimeout(look, patience)
  })

  async function look () {
    const typed = [...form.querySelectorAll('[data-known-by]')].map(input => input.value.trim()).join(' ').trim()
    if (typed.length < fewest || typed === asked) return
    asked = typed
    asking?.abort()
    asking = new AbortController()
    try {
      const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form, button)), signal: asking.signal })
      const found = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector(form.dataset.known)
      if (found) document.querySelector(form.dataset.known).replaceChildren(...found.childNodes)
    } catch {
      asked = '' // the button is still there
    }
  }

  form.addEventListener('submit', () => { clearTimeout(timer); asking?.abort() })
}

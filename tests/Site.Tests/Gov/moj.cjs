// Renders MOJ's own templates with the options that come in on stdin ([{component, options, body?}]) and prints the HTML as JSON.
const { createRequire } = require('node:module')
const { join } = require('node:path')
const root = process.argv[2]
const need = createRequire(join(root, 'package.json'))
const nunjucks = need('nunjucks')
const modules = join(root, 'node_modules')
const env = new nunjucks.Environment(new nunjucks.FileSystemLoader([join(modules, 'govuk-frontend', 'dist'), join(modules, '@ministryofjustice', 'frontend')]), { trimBlocks: true, lstripBlocks: true })
env.addFilter('mojDate', text => text)
env.addFilter('date', (_, format) => format)
const asked = JSON.parse(require('node:fs').readFileSync(0, 'utf8'))
process.stdout.write(JSON.stringify(asked.map(({ component, options, body }) => {
  // One macro of theirs goes by another name, and takes a body.
  const name = component === 'interruption-card' ? 'interruptionCard' : 'moj' + component.split('-').map(word => word[0].toUpperCase() + word.slice(1)).join('')
  const call = body === undefined ? `{{ ${name}(options) }}` : `{% call ${name}(options) %}{{ body | safe }}{% endcall %}`
  return env.renderString(`{% from "moj/components/${component}/macro.njk" import ${name} %}${call}`, { options, body })
})))

// Makes src/Site/wwwroot/assets from what npm has installed and from this folder. Run: npm ci && node src/Site/Layout/assets.mjs
// Nothing is done while nothing it reads has changed.
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '..', '..', '..')
const modules = join(root, 'node_modules')
const out = join(here, '..', 'wwwroot', 'assets')
const stamp = join(out, '.stamp')

if (!existsSync(join(modules, 'govuk-frontend'))) {
  console.error('No node_modules: run npm ci first.')
  process.exit(1)
}

const own = readdirSync(here).filter(name => /\.(scss|js|mjs|svg)$/.test(name)).sort()
const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')))
for (const name of own) hash.update(name).update(readFileSync(join(here, name)))
const now = hash.digest('hex')

if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) {
  console.log('assets: unchanged')
  process.exit(0)
}

rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })

const sass = await import('sass')
const { css } = sass.compile(join(here, 'heed.scss'), {
  loadPaths: [root],
  style: 'compressed',
  quietDeps: true,
  silenceDeprecations: ['import'],
  logger: sass.Logger.silent,
})
writeFileSync(join(out, 'heed.css'), css)
console.log(`assets: heed.css, ${Math.round(css.length / 1024)} kB`)

const copies = [
  [join(modules, 'govuk-frontend', 'dist', 'govuk', 'govuk-frontend.min.js'), 'govuk-frontend.min.js'],
  ...['icon-tag-remove-cross.svg', 'icon-tag-remove-cross-white.svg'].map(name => [join(modules, '@ministryofjustice', 'frontend', 'moj', 'assets', 'images', name), join('images', name)]),
  ...own.filter(name => /\.(js|svg)$/.test(name)).map(name => [join(here, name), name]),
]
for (const [from, to] of copies) {
  cpSync(from, join(out, to))
  console.log(`assets: ${to}`)
}
writeFileSync(stamp, now)

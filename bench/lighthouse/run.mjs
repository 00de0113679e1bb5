// Lighthouse on the public pages, as a phone and as a desktop: performance, accessibility, best practices.
//   node run.mjs         with the released program (target/release/ziyun, or ZIYUN_BIN); ends with 1 below the floor
import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { launch } from 'chrome-launcher'
import lighthouse, { desktopConfig } from 'lighthouse'

process.env.ZIYUN_BIN ??= fileURLToPath(new URL('../../target/release/ziyun', import.meta.url))
const { openDemo } = await import('../../e2e/stage/demo.mjs')

const FLOOR = 95
const MOST_BYTES = 60 * 1024
const CATEGORIES = ['performance', 'accessibility', 'best-practices']
/** The median of so many visits. */
const VISITS = 3

const demo = await openDemo()
const chrome = await launch({
  chromePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  logLevel: 'error',
})
const rows = []
try {
  for (const [name, path] of await pages()) {
    for (const [form, config] of [['phone', undefined], ['desktop', desktopConfig]]) rows.push(await measure(name, path, form, config))
  }
} finally {
  chrome.kill()
  await demo.stop()
}
const low = rows.filter((row) => row.bytes > MOST_BYTES || CATEGORIES.some((category) => row[category] < FLOOR))
const out = fileURLToPath(new URL('../out/', import.meta.url))
await mkdir(out, { recursive: true })
await writeFile(`${out}lighthouse.json`, `${JSON.stringify(rows, undefined, 2)}\n`)
console.log(`${rows.length - low.length} passed, ${low.length} below ${FLOOR} or above ${MOST_BYTES} bytes`)
process.exitCode = low.length ? 1 : 0

/** The public pages; a notice is the first of the list. */
async function pages() {
  const answer = await fetch(`${demo.root}/notices`, { headers: { accept: 'application/json' } })
  const { notices } = await answer.json()
  return Object.entries({
    home: '/',
    notices: '/notices',
    notice: notices[0].facts?.address ?? notices[0].address,
    'sign-in': '/session/new',
    'sign-up': '/registration',
    policy: '/policy',
  })
}

async function measure(name, path, form, config) {
  const visits = []
  // On a machine that is busy otherwise a visit may end before anything was painted: such a one counts for nothing.
  for (let visit = 0; visits.length < VISITS && visit < 3 * VISITS; visit++) {
    const { lhr } = await lighthouse(demo.root + path, { port: chrome.port, onlyCategories: CATEGORIES, logLevel: 'error' }, config)
    if (CATEGORIES.every((category) => lhr.categories[category].score !== null)) visits.push(lhr)
  }
  if (visits.length < VISITS) throw new Error(`${path} was not painted`)
  const score = (category) => {
    const all = visits.map((lhr) => Math.round(lhr.categories[category].score * 100))
    return all.sort((a, b) => a - b)[Math.floor(VISITS / 2)]
  }
  const [first] = visits
  const row = { page: name, form, ...Object.fromEntries(CATEGORIES.map((category) => [category, score(category)])) }
  row.bytes = first.audits['total-byte-weight'].numericValue
  row.shift = first.audits['cumulative-layout-shift'].numericValue
  row.paint = Math.round(first.audits['largest-contentful-paint'].numericValue)
  const marks = CATEGORIES.map((category) => `${category} ${row[category]}`).join('  ')
  console.log(`${name.padEnd(8)} ${form.padEnd(8)} ${marks}  ${row.bytes} bytes  shift ${row.shift.toFixed(3)}  paint ${row.paint} ms`)
  for (const audit of reasons(first)) console.log(`         ${audit}`)
  return row
}

/** What keeps a category below full marks. */
function reasons(lhr) {
  const weighed = CATEGORIES.slice(1).flatMap((category) => lhr.categories[category].auditRefs.filter(({ weight }) => weight > 0))
  return weighed
    .map(({ id }) => lhr.audits[id])
    .filter(({ score }) => score !== null && score < 1)
    .map(({ id, title }) => `${id}: ${title}`)
}

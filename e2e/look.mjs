// Pictures of every page that a role can reach, for whoever reviews how they look.
//   node look.mjs visitor|operator|auditor|buyer|provider FOLDER [VARIANT…]
// A variant is such as 390-dark-en; all eight are made unless some are named. Needs the debug program, as the tests do.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openBrowser, openContext } from './stage/browser.mjs'
import { openDemo } from './stage/demo.mjs'
import { Person } from './stage/person.mjs'

const LANGUAGES = { zh: 'zh-CN', en: 'en-GB' }
const VARIANTS = [1440, 390].flatMap((width) =>
  ['light', 'dark'].flatMap((theme) => Object.keys(LANGUAGES).map((language) => `${width}-${theme}-${language}`)),
)
/** How many pages of one shape, such as `/tenders/*`, are enough; fewer of the same list filtered otherwise. */
const OF_ONE_SHAPE = 7
const FILTERED = 1
/** Forms that are also sent empty, for the look of what they refuse; nothing is written by that. */
const SENT_EMPTY = /^(registration|session-new|password-reset|tenders-new|lots-x-bids-new|me)-1$/
/** Files, and what ends the session. */
const NO_PAGE = /^\/(assets|documents|bid-files|log)\/|\/(receipt|proof|text|dates|table)$|\.(xlsx|csv)$/

const [role, folder, ...wanted] = process.argv.slice(2)
const variants = wanted.length ? wanted : VARIANTS
if (!folder || !['visitor', 'operator', 'auditor', 'buyer', 'provider'].includes(role) || !variants.every((v) => VARIANTS.includes(v))) {
  console.error(`usage: node look.mjs visitor|operator|auditor|buyer|provider FOLDER [${VARIANTS.join('|')}]…`)
  process.exit(2)
}

const demo = await openDemo()
const browser = await openBrowser()
try {
  await mkdir(folder, { recursive: true })
  const paths = await discover()
  for (const variant of variants) await takePictures(variant, paths)
} finally {
  await browser.close()
  await demo.stop()
}

/** Every page that can be reached by links from the first one. What is no page (the API's description is 80,000 px of text) is not drawn. */
async function discover() {
  const { context, page } = await enter({})
  const found = new Map([['/', 'home'], ['/nowhere', 'error-404']])
  const perShape = new Map()
  for (const [path] of found) {
    // What is a file to be kept is no page either.
    const answer = await page.goto(path).catch((why) => {
      if (!why.message.includes('Download is starting')) throw why
    })
    if (!answer?.headers()['content-type']?.startsWith('text/html')) {
      found.delete(path)
      continue
    }
    const links = await page.evaluate(() => [...document.links].map((link) => link.href))
    for (const url of links.map((href) => new URL(href)).filter(({ origin }) => origin === demo.root)) {
      const path = url.pathname + url.search
      if (found.has(path) || NO_PAGE.test(url.pathname) || url.searchParams.has('lang')) continue
      const shape = shapeOf(url)
      const count = (perShape.get(shape) ?? 0) + 1
      if (count > (url.search ? FILTERED : OF_ONE_SHAPE)) continue
      perShape.set(shape, count)
      found.set(path, `${shape}-${count}`)
    }
  }
  await context.close()
  return found
}

/** The address without its ids, as a file's name: `/tenders/8c1…/opening` becomes `tenders-x-opening`. */
function shapeOf(url) {
  const parts = url.pathname.split('/').slice(1).map((part) => (/\d/.test(part) ? 'x' : part))
  return [...parts, ...new Set(url.searchParams.keys())].join('-')
}

async function takePictures(variant, paths) {
  const [width, colorScheme, language] = variant.split('-')
  const { context, page } = await enter({ width: Number(width), colorScheme, locale: LANGUAGES[language] })
  for (const [path, name] of paths) {
    await page.goto(path)
    await page.screenshot({ path: join(folder, `${role}-${name}-${variant}.png`), fullPage: true })
    if (!SENT_EMPTY.test(name)) continue
    await page.locator('main .submit [type=submit]').last().click()
    await page.locator('main [role=alert]').waitFor()
    await page.screenshot({ path: join(folder, `${role}-${name}-refused-${variant}.png`), fullPage: true })
  }
  await context.close()
  console.log(`${variant}: ${paths.size} pages`)
}

async function enter(options) {
  const account = demo.accounts.find((account) => account.role === role)
  if (account) {
    const person = await Person.arrive(browser, demo.root, account, options)
    await person.signIn()
    return person
  }
  const { context } = await openContext(browser, demo.root, options)
  return { context, page: await context.newPage() }
}

// A browser, and contexts in it that notice everything a page must not do.
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'

const STEP_MS = 30_000

/** Starts Chromium. Nothing but the pages of the test talks to anybody. */
export function openBrowser() {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
  if (!existsSync(executablePath)) throw new Error(`no Chromium at ${executablePath}; name it by CHROMIUM`)
  return chromium.launch({
    executablePath,
    args: [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-quic',
    ],
  })
}

/**
 * A context with cookies of its own. `faults` collects what its pages did wrong; `expected` holds addresses whose
 * failure is meant, such as `/tenders/…/opening` before the hour.
 */
export async function openContext(browser, root, { width = 1440, height = 900, ...options } = {}) {
  const context = await browser.newContext({
    baseURL: root,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    viewport: { width, height },
    ...options,
  })
  context.setDefaultTimeout(STEP_MS)
  const faults = []
  const expected = new Set()
  const isExpected = (url) => expected.has(new URL(url, root).pathname)
  context.on('console', (message) => {
    if (message.type() === 'error' && !isExpected(message.location().url)) {
      faults.push(`console: ${message.text()} at ${message.location().url}`)
    }
  })
  context.on('weberror', (error) => faults.push(`script: ${error.error().stack}`))
  context.on('response', (response) => {
    if (response.status() >= 400 && !isExpected(response.url())) faults.push(`${response.status()} ${response.url()}`)
  })
  context.on('requestfailed', (request) => {
    const why = request.failure()?.errorText
    // The browser gives up what a page was still loading when the next one was asked for.
    if (why !== 'net::ERR_ABORTED' && !isExpected(request.url())) faults.push(`${why} ${request.url()}`)
  })
  await context.addInitScript(watchPage)
  return { context, faults, expected }
}

/** Runs in every page before its own scripts: what it finds becomes a console error. */
function watchPage() {
  // What moved although nobody had asked for it; `stage/quality.mjs` reads it.
  globalThis.shifted = 0
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shifted += entry.value
  }).observe({ type: 'layout-shift', buffered: true })
  document.addEventListener('securitypolicyviolation', (event) => {
    console.error(`the policy refused ${event.violatedDirective} ${event.blockedURI}`)
  })
  addEventListener('load', () => {
    const page = document.documentElement
    const unknown = page.textContent.match(/⟦[^⟧]*/)
    if (unknown) console.error(`a text is missing: ${unknown[0]}`)
    if (page.scrollWidth > innerWidth) console.error(`wider than the window: ${page.scrollWidth} of ${innerWidth} px`)
  })
}

/** Whether the page scrolls sideways at this width; the viewport is put back. Answers the culprits, for the message. */
export async function tooWide(page, width) {
  const before = page.viewportSize()
  await page.setViewportSize({ width, height: before.height })
  const culprits = await page.evaluate(() => {
    if (document.documentElement.scrollWidth <= innerWidth) return []
    const out = [...document.body.querySelectorAll('*')].filter((el) => el.getBoundingClientRect().right > innerWidth + 0.5)
    return [`${document.documentElement.scrollWidth} px`, ...out.map((el) => el.outerHTML.slice(0, 100))].slice(0, 5)
  })
  await page.setViewportSize(before)
  return culprits
}

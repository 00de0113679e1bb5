// What holds for every page: no barrier that axe can find, no sideways scroll, nothing moves while it loads.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const AXE = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
/** Cumulative layout shift that nobody has asked for, at most. */
const MOST_SHIFT = 0.02
/** The rules that stand for success criteria of WCAG up to 2.2 AA; contrast (1.4.3) is among them. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** What is wrong with the page as it stands, as sentences. */
export async function defects(page) {
  const at = `${new URL(page.url()).pathname} at ${page.viewportSize().width} px`
  return [...(await barriers(page)), ...(await tooWide(page)), ...(await shifts(page))].map((what) => `${at}: ${what}`)
}

async function barriers(page) {
  // A colour is judged at rest: what is still arriving on a busy machine is waited for.
  await page.evaluate(() => {
    const passing = document.getAnimations().filter(({ effect }) => Number.isFinite(effect.getComputedTiming().endTime))
    return Promise.allSettled(passing.map(({ finished }) => finished))
  })
  await page.evaluate(AXE)
  const { violations } = await page.evaluate(
    (values) => globalThis.axe.run({ resultTypes: ['violations'], runOnly: { type: 'tag', values } }),
    RULES,
  )
  return violations.map(({ id, help, nodes }) => `${id} (${help}): ${nodes.slice(0, 3).map(({ html }) => html).join(' ')}`)
}

/** The culprits, when the page scrolls sideways. */
async function tooWide(page) {
  return page.evaluate(() => {
    if (document.documentElement.scrollWidth <= innerWidth) return []
    const out = [...document.body.querySelectorAll('*')].filter((el) => el.getBoundingClientRect().right > innerWidth + 0.5)
    return [`${document.documentElement.scrollWidth} px wide`, ...out.map((el) => el.outerHTML.slice(0, 100))].slice(0, 5)
  })
}

async function shifts(page) {
  const shifted = await page.evaluate(() => globalThis.shifted)
  return shifted < MOST_SHIFT ? [] : [`moved by ${shifted.toFixed(3)} while loading`]
}

// Everything by keyboard: the skip link, a visible focus on the way, menus that Escape closes, a search that `/` reaches.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browser, demo } from './stage/opened.mjs'
import { enter, walk } from './stage/rounds.mjs'

test('the first tab stop leads past the frame', { timeout: 30_000 }, async () => {
  const { context, page } = await enter(browser, demo, 'provider', {})
  await page.goto('/')
  await page.keyboard.press('Tab')
  const skip = page.getByRole('link', { name: '跳到正文' })
  assert.equal(await skip.evaluate((it) => document.activeElement === it && it.getBoundingClientRect().top >= 0), true)
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'main')
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement?.closest('main') !== null), true, 'the next stop is in the content')
  await context.close()
})

const PAGES = {
  visitor: [['/'], ['/notices'], ['/session/new'], ['/registration'], ['/styles']],
  provider: [['/'], ['/opportunities', /^\/tenders\/[0-9a-f-]{36}$/, /^\/lots\/[0-9a-f-]{36}\/bids\/new$/]],
  buyer: [['/tenders/new']],
  operator: [['/operator/companies']],
}

for (const [role, ways] of Object.entries(PAGES)) {
  test(`${role}: each stop is seen, in the order of the page`, { timeout: 120_000 }, async () => {
    const { context, page } = await enter(browser, demo, role, {})
    for (const way of ways) {
      await walk(page, way)
      const stops = await tabThrough(page)
      assert.ok(stops.length > 5, `${page.url()} has stops`)
      assert.deepEqual(stops.filter(({ seen }) => !seen).map(({ html }) => html), [], `${page.url()}: unseen stops`)
      const places = stops.map(({ place }) => place)
      assert.deepEqual(places, [...places].sort((a, b) => a - b), `${page.url()}: order of stops`)
    }
    await context.close()
  })
}

/** Tab by tab once round the page: what each stop is, its place in the document, whether its focus is seen. */
async function tabThrough(page) {
  await page.evaluate(() => document.activeElement?.blur())
  const stops = []
  const met = new Set()
  for (let step = 0; step < 200; step++) {
    await page.keyboard.press('Tab')
    const stop = await page.evaluate(() => {
      const it = document.activeElement
      if (!it || it === document.body) return undefined
      const focused = getComputedStyle(it)
      const box = it.getBoundingClientRect()
      const marks = (style) => `${style.outlineStyle} ${style.outlineColor} ${style.boxShadow} ${style.borderColor} ${style.background}`
      const before = marks(focused)
      it.blur()
      const after = marks(getComputedStyle(it))
      it.focus({ focusVisible: true })
      const all = [...document.querySelectorAll('*')]
      return { html: it.outerHTML.slice(0, 120), place: all.indexOf(it), seen: box.width > 0 && box.height > 0 && before !== after }
    })
    if (!stop || met.has(stop.place)) break
    met.add(stop.place)
    stops.push(stop)
  }
  return stops
}

test('menus open by Enter and close by Escape; `/` leads to the search', { timeout: 30_000 }, async () => {
  const { context, page } = await enter(browser, demo, 'buyer', {})
  await page.goto('/')
  const menu = page.locator('details.menu').last()
  await menu.locator('summary').focus()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: '退出登录' }).waitFor()
  await page.keyboard.press('Escape')
  assert.equal(await menu.evaluate((it) => it.open), false)
  assert.equal(await menu.locator('summary').evaluate((it) => document.activeElement === it), true, 'the focus is back at the button')
  await page.keyboard.press('Escape')
  await page.evaluate(() => document.activeElement?.blur())
  await page.keyboard.press('/')
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('type')), 'search')
  await context.close()
})

// What holds for pages at rest: public ones need neither script nor cookie; none has a barrier, scrolls sideways, moves
// while it loads, breaks the policy or writes an error, wide or narrow, light or dark, in either language.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openContext } from './stage/browser.mjs'
import { browser, demo } from './stage/opened.mjs'
import { defects } from './stage/quality.mjs'
import { REFUSED, ROUNDS, enter, walk } from './stage/rounds.mjs'

/** A desktop and a phone, light and dark, Chinese and English. */
const ALL = [1440, 390].flatMap((width) =>
  ['light', 'dark'].flatMap((colorScheme) => ['zh-CN', 'en-GB'].map((locale) => ({ width, height: 900, colorScheme, locale }))),
)

/** Four of the eight, among which each two of width, colours and language meet; `make soak` looks at all of them. */
const VARIANTS = process.env.ZIYUN_ALL_VARIANTS
  ? ALL
  : ALL.filter(({ width, colorScheme, locale }) => (width === 1440) === ((colorScheme === 'light') === (locale === 'zh-CN')))

/** Bytes of a first visit: page, styles, script, icons, with their headers. */
const FIRST_LOAD = 60 * 1024

test('public pages are read without script and without a cookie', { timeout: 60_000 }, async () => {
  const { context, faults } = await openContext(browser, demo.root, { javaScriptEnabled: false })
  const page = await context.newPage()
  const main = page.getByRole('main')

  await page.goto('/notices')
  assert.ok((await main.getByRole('row').count()) > 5, 'notices are listed')
  await main.getByRole('searchbox').fill('机器视觉')
  await main.getByRole('button', { name: '搜索公告' }).click()
  await main.locator('mark').first().waitFor()
  await main.getByRole('link', { name: '机器视觉质检系统升级招标公告' }).click()
  await main.getByRole('article').getByText('澜沚精密制造有限公司').first().waitFor()

  await page.goto('/opportunities')
  await main.getByRole('link', { name: '机器视觉质检系统升级' }).click()
  await main.getByText('一号产线质检系统').waitFor()
  await main.getByRole('link', { name: '采购需求.txt' }).waitFor()

  await page.goto('/policy')
  assert.ok((await main.innerText()).length > 3000, 'the policy stands there in full')
  await page.goto('/')
  await main.getByRole('heading', { level: 1 }).waitFor()

  assert.deepEqual(await context.cookies(), [])
  assert.deepEqual(faults, [])
  await context.close()
})

test('the menu of public pages opens on a phone without script', { timeout: 30_000 }, async () => {
  const { context } = await openContext(browser, demo.root, { javaScriptEnabled: false, width: 390, height: 844 })
  const page = await context.newPage()
  await page.goto('/')
  const tools = page.getByRole('banner').getByRole('navigation')
  await tools.getByText('菜单').or(tools.getByLabel('菜单')).first().click()
  await tools.getByRole('link', { name: '公告' }).click()
  await page.waitForURL('**/notices')
  await context.close()
})

for (const [role, round] of Object.entries(ROUNDS)) {
  for (const variant of VARIANTS) {
    const { width, colorScheme, locale } = variant
    test(`${role}, ${width} px, ${colorScheme}, ${locale}: no defect`, { timeout: 180_000 }, async () => {
      const { context, faults, page } = await enter(browser, demo, role, variant)
      const found = []
      for (const way of round) {
        await walk(page, way)
        found.push(...(await defects(page)))
      }
      assert.deepEqual(found, [])
      assert.deepEqual(faults, [])
      await context.close()
    })
  }
}

for (const [role, forms] of Object.entries(REFUSED)) {
  test(`${role}: a refused form keeps what was typed and leads to its fields`, { timeout: 120_000 }, async () => {
    const { context, expected, faults, page } = await enter(browser, demo, role, { width: 390, height: 844 })
    for (const way of forms) {
      await walk(page, way)
      const form = page.locator('main form[novalidate]:not([data-passkey])').last()
      const typed = form.locator('textarea, input[type=text], input[type=email]').first()
      const isThere = (await typed.count()) > 0
      const kept = isThere && (await typed.getAttribute('name'))
      if (kept) await typed.fill('x')
      const action = await form.evaluate((form) => new URL(form.action).pathname)
      expected.add(action)
      await form.locator('[type=submit]').first().click()
      const summary = page.getByRole('alert')
      await summary.waitFor()
      assert.equal(await summary.evaluate((it) => document.activeElement === it), true, `${way}: the summary has the focus`)
      if (kept) assert.equal(await page.locator(`main form[novalidate]:not([data-passkey]) [name=${kept}]`).last().inputValue(), 'x', `${way} keeps ${kept}`)
      const links = await summary.getByRole('link').all()
      assert.ok(links.length > 0, `${way}: the summary links to fields`)
      for (const link of links) {
        const target = await link.getAttribute('href')
        assert.equal(await page.locator(target).count(), 1, `${way}: ${target}`)
      }
      assert.deepEqual(await defects(page), [])
    }
    assert.deepEqual(faults, [])
    await context.close()
  })
}

test('no error says what it should not, and each says what to do', { timeout: 30_000 }, async () => {
  const { context, expected, page } = await enter(browser, demo, 'visitor', { width: 390, height: 844 })
  expected.add('/nowhere')
  const response = await page.goto('/nowhere')
  assert.equal(response.status(), 404)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.getByRole('main').getByRole('link', { name: '回到首页' }).waitFor()
  assert.deepEqual(await defects(page), [])
  await context.close()
})

test('a first visit is small, and the next page brings only itself', { timeout: 60_000 }, async () => {
  for (const path of ['/', '/notices', '/session/new', '/registration', '/policy']) {
    const { context, faults } = await openContext(browser, demo.root)
    const page = await context.newPage()
    const load = await meter(page)
    const first = await load(path)
    const bytes = first.reduce((sum, { bytes }) => sum + bytes, 0)
    assert.ok(bytes < FIRST_LOAD, `${path} sends ${bytes} bytes at first`)
    for (const { path, headers } of first) {
      assert.match(headers['content-encoding'] ?? '', /^(br|gzip)$/, `${path} is packed`)
      if (path.startsWith('/assets/')) assert.match(headers['cache-control'], /immutable/, path)
    }
    const second = await load('/opportunities')
    const again = second.filter(({ path, bytes }) => path.startsWith('/assets/') && bytes > 0)
    assert.deepEqual(again, [], 'what is kept is not asked for again')
    assert.deepEqual(faults, [])
    await context.close()
  }
})

/** Answers a way to load a page that tells what came over the wire: path, headers, bytes. */
async function meter(page) {
  const wire = await page.context().newCDPSession(page)
  await wire.send('Network.enable')
  const answers = new Map()
  wire.on('Network.responseReceived', ({ requestId, response }) => {
    if (response.url.startsWith('data:')) return // the browser's own icon of a date field: it comes over no wire
    const headers = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), value]))
    answers.set(requestId, { path: new URL(response.url).pathname, headers, bytes: 0 })
  })
  wire.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (answers.has(requestId)) answers.get(requestId).bytes = encodedDataLength
  })
  return async (path) => {
    answers.clear()
    await page.goto(path, { waitUntil: 'networkidle' })
    return [...answers.values()]
  }
}

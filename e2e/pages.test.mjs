// What holds for pages at rest: public ones need neither script nor cookie; none has a serious barrier, light or dark,
// in either language.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openBrowser, openContext, tooWide } from './stage/browser.mjs'
import { openDemo } from './stage/demo.mjs'
import { Person } from './stage/person.mjs'

const AXE = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
const VARIANTS = ['light', 'dark'].flatMap((colorScheme) => ['zh-CN', 'en-GB'].map((locale) => ({ colorScheme, locale })))
/** A UUID at the end: one tender, one lot. */
const ID = '[0-9a-f-]{36}'

let demo, browser

before(async () => {
  demo = await openDemo()
  browser = await openBrowser()
})

after(async () => {
  await browser?.close()
  await demo?.stop()
})

test('public pages are read without script and without a cookie', { timeout: 60_000 }, async () => {
  const { context, faults } = await openContext(browser, demo.root, { javaScriptEnabled: false })
  const page = await context.newPage()
  const main = page.getByRole('main')

  await page.goto('/notices')
  assert.ok((await main.getByRole('row').count()) > 5, 'notices are listed')
  await main.getByRole('searchbox').fill('机器视觉')
  await main.getByRole('button', { name: '搜索公告' }).click()
  await main.locator('mark').first().waitFor()
  await main.getByRole('link', { name: '机器视觉质检系统升级' }).click()
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

/** Where each role looks: an address, or an address and a pattern for a link to follow from there. */
const ROUNDS = {
  visitor: [
    ['/'],
    ['/notices'],
    ['/notices', /^\/notices\/[^/?]+$/],
    ['/opportunities'],
    ['/opportunities', new RegExp(`^/tenders/${ID}$`)],
    ['/session/new'],
    ['/registration'],
    ['/policy'],
  ],
  provider: [
    ['/'],
    ['/bids'],
    ['/bids', new RegExp(`^/bids/${ID}$`)],
    ['/opportunities', new RegExp(`^/tenders/${ID}$`)],
    ['/opportunities', new RegExp(`^/tenders/${ID}$`), new RegExp(`^/lots/${ID}/bids/new$`)],
    ['/company'],
    ['/me'],
  ],
  buyer: [
    ['/'],
    ['/tenders'],
    ['/tenders/new'],
    ['/tenders', new RegExp(`^/tenders/${ID}$`)],
    ['/tenders', new RegExp(`^/tenders/${ID}/draft$`)],
    ['/tenders', new RegExp(`^/tenders/${ID}/draft$`), new RegExp(`^/tenders/${ID}/publication$`)],
  ],
  operator: [
    ['/'],
    ['/operator/companies'],
    ['/operator/companies?state=approved', new RegExp(`^/operator/companies/${ID}$`)],
  ],
}

for (const [role, round] of Object.entries(ROUNDS)) {
  for (const variant of VARIANTS) {
    const name = `${role}, ${variant.colorScheme}, ${variant.locale}: no serious barrier, no sideways scroll`
    test(name, { timeout: 120_000 }, async () => {
      const { context, faults, page } = await enter(role, variant)
      const found = []
      for (const way of round) {
        await walk(page, way)
        found.push(...(await barriers(page)))
        for (const width of [390, 1440]) {
          for (const culprit of await tooWide(page, width)) found.push(`${page.url()} at ${width} px: ${culprit}`)
        }
      }
      assert.deepEqual(found, [])
      assert.deepEqual(faults, [])
      await context.close()
    })
  }
}

async function enter(role, options) {
  const account = demo.accounts.find((account) => account.role === role)
  if (account) {
    const person = await Person.arrive(browser, demo.root, account, options)
    await person.signIn()
    return person
  }
  const { context, faults } = await openContext(browser, demo.root, options)
  return { context, faults, page: await context.newPage() }
}

async function walk(page, [start, ...links]) {
  await page.goto(start)
  for (const wanted of links) {
    const paths = await page.evaluate(() => [...document.querySelectorAll('main a')].map((a) => a.pathname))
    const next = paths.find((path) => wanted.test(path))
    assert.ok(next, `${page.url()} leads to ${wanted}`)
    await page.goto(next)
  }
}

/** What axe calls serious or critical. */
async function barriers(page) {
  await page.evaluate(AXE)
  const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }))
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${page.url()} ${id} (${help}): ${nodes.slice(0, 3).map((node) => node.html).join(' ')}`)
}

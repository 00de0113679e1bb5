// A notice on A4: head and page numbers on each page, nothing that one could only click, no line cut in two.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openContext } from './stage/browser.mjs'
import { browser, demo } from './stage/opened.mjs'
import { walk } from './stage/rounds.mjs'

/** A4 in CSS pixels, without the margins that `print.css` names. */
const A4 = { width: 658, height: 979 }

test('a notice on paper', { timeout: 60_000 }, async () => {
  const { context, faults } = await openContext(browser, demo.root, A4)
  const page = await context.newPage()
  await walk(page, ['/notices', /^\/notices\/[^/?]+$/])
  await page.emulateMedia({ media: 'print' })
  for (const gone of ['header.top', '.demo', '.trail', '.head-act', '.foot', '.skip']) {
    for (const part of await page.locator(gone).all()) assert.equal(await part.isVisible(), false, `${gone} is not printed`)
  }
  const head = page.locator('.print-head')
  assert.equal(await head.isVisible(), true)
  assert.match(await head.innerText(), /资源共享云/)
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, 'nothing is cut at the side')
  const white = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  assert.equal(white, 'rgb(255, 255, 255)')

  // Chromium's own writer: so many sheets, each as large as A4, each with its number.
  const paper = await page.pdf({ preferCSSPageSize: true, tagged: true })
  const sheets = paper.toString('latin1').match(/\/MediaBox\s*\[[^\]]*\]/g) ?? []
  assert.ok(sheets.length >= 1 && sheets.length <= 3, `${sheets.length} sheets`)
  for (const sheet of sheets) assert.match(sheet, /\[0 0 59[45](\.\d+)? 84[12](\.\d+)?\]/, 'A4')
  assert.deepEqual(faults, [])
  await context.close()
})

test('the rules that paper needs are there', { timeout: 30_000 }, async () => {
  const { context } = await openContext(browser, demo.root)
  const page = await context.newPage()
  await page.goto('/notices')
  const rules = await page.evaluate(() => {
    const text = (rules) => [...rules].map((rule) => (rule.cssRules ? text(rule.cssRules) + rule.cssText : rule.cssText)).join('\n')
    return [...document.styleSheets].map((sheet) => text(sheet.cssRules)).join('\n')
  })
  assert.match(rules, /@page[^}]*size: a4/i)
  assert.match(rules, /counter\(page\)/, 'pages have numbers')
  assert.match(rules, /orphans: 3/, 'no single line is left behind')
  assert.match(rules, /break-inside: avoid/, 'rows and blocks are not cut')
  await context.close()
})

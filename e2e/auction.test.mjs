// An auction in browsers: the buyer chooses it, two bidders lower the price, one on a phone; each sees at once what the other offers, the
// buyer sees letters until the end. The second without script, too, by reloading.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browser, demo } from './stage/opened.mjs'
import { Person } from './stage/person.mjs'

const TITLE = '冷库压缩机组更换采购'
const PHONE = { width: 390, height: 844 }
const PRICES = ['468000', '455000', '479000']

async function enter(who, options) {
  const person = await Person.arrive(browser, demo.root, who, options)
  await person.signIn()
  return person
}

const json = async (page, path) => (await page.request.get(path, { headers: { accept: 'application/json' } })).json()

test('two bidders lower the price, and the buyer looks on', { timeout: 240_000 }, async () => {
  const accounts = (role) => demo.accounts.filter((one) => one.role === role)
  const buyer = await enter(accounts('buyer').find((one) => one.email === 'caigou@lanzhi.example'))
  const bidders = []
  for (const [i, who] of accounts('provider').slice(0, 3).entries()) {
    bidders.push(await enter(who, i === 1 ? PHONE : i === 2 ? { javaScriptEnabled: false } : {}))
  }
  const [one, two, three] = bidders
  const { id, lot } = await published(buyer)
  for (const [i, bidder] of bidders.entries()) await bid(bidder.page, lot, PRICES[i])
  await until(buyer.page, `/tenders/${id}`, (seen) => seen.tender.state === 'auction')

  // Opened, and not begun: prices without names.
  await buyer.page.goto(`/tenders/${id}`)
  await buyer.page.getByText('竞价期间不公开名称').first().waitFor()
  await buyer.fits()
  const path = `/lots/${lot}/auction`
  await one.page.goto(path)
  await one.page.getByText('开始后在这里报价').waitFor()
  await one.fits()
  await until(buyer.page, path, (seen) => seen.phase === 'running')

  for (const person of [buyer, two, three]) await person.page.goto(path)
  // Who had the page open before it began has been shown the next one.
  await one.page.getByRole('button', { name: '报 450,450.00 元' }).click()
  await one.page.getByText('报价已收到').waitFor()
  await one.fits()
  const best = (page) => page.locator('[data-a="best"]')
  await best(two.page).filter({ hasText: '450,450.00' }).waitFor()
  await best(buyer.page).filter({ hasText: '450,450.00' }).waitFor()
  const next = two.page.getByRole('button', { name: '报 445,900.00 元' })
  await next.waitFor()
  await two.fits()
  await next.click()
  await two.page.getByText('报价已收到').waitFor()
  await two.page.getByText('第 1 名').waitFor()
  await one.page.getByText('第 2 名').waitFor()
  // Without script nothing moves by itself, and everything works.
  assert.equal(await best(three.page).innerText(), '455,000.00')
  three.expected.add(`/lots/${lot}/offers`)
  await three.page.getByLabel('或者报更低的价').fill('450000')
  await three.page.getByRole('button', { name: '报这个价' }).click()
  await three.page.getByText('现在最多可报 441,350.00 元').first().waitFor()
  assert.equal(await three.page.getByLabel('或者报更低的价').inputValue(), '450000', 'what was typed stays')
  await three.page.getByRole('link', { name: '刷新' }).click()
  await three.page.getByRole('button', { name: '报 441,350.00 元' }).click()
  await three.page.getByText('报价已收到').waitFor()
  await three.fits()
  await best(one.page).filter({ hasText: '441,350.00' }).waitFor()
  const companies = (await json(buyer.page, `/tenders/${id}/opening`)).lots[0].bids.map((bid) => bid.company_name)
  assert.deepEqual(companies, [null, null, null])
  await buyer.fits()

  // The end, seen by who is there; then names, for the buyer at once.
  await until(buyer.page, path, (seen) => seen.phase === 'ended')
  await one.page.getByText('竞价已结束，最后的报价进入评标').waitFor()
  await buyer.page.goto(path)
  const record = (await json(buyer.page, `/tenders/${id}/opening`)).lots[0].bids
  assert.deepEqual(record.map((bid) => [bid.price, bid.opened_price]), [[44135000, 47900000], [44590000, 45500000], [45045000, 46800000]])
  for (const bid of record) await buyer.page.getByText(bid.company_name).first().waitFor()
  await buyer.fits()
  for (const person of [buyer, ...bidders]) assert.deepEqual(person.faults, [])
})

async function published(buyer) {
  const { page } = buyer
  await page.goto('/tenders/new')
  await page.getByLabel('项目名称').fill(TITLE)
  await page.getByRole('radio', { name: /^公开招标/ }).check()
  await page.getByLabel('类别').selectOption({ index: 3 })
  await page.getByLabel('区域').selectOption({ label: '浙江省' })
  await page.getByLabel('采购内容与要求').fill('两台冷库压缩机组拆旧换新，含调试与两年质保。')
  await page.getByLabel('提问截止').fill(await inDays(page, 4, 10))
  await page.getByLabel('投标截止').fill(await inDays(page, 6, 10))
  await page.getByRole('button', { name: '保存草稿' }).click()
  await page.getByLabel('标段名称').fill('压缩机组两台')
  await page.getByLabel('预算（含税）').fill('500000')
  await page.getByRole('button', { name: '添加标段' }).click()
  await page.getByRole('cell', { name: '压缩机组两台' }).waitFor()
  await page.locator('#auction').getByRole('link').click()
  await page.getByRole('radio', { name: '自由报价' }).check()
  await page.getByLabel('竞价开始').fill(await inDays(page, 6, 11))
  await buyer.fits()
  await page.getByRole('button', { name: '保存竞价办法' }).click()
  await page.getByText('竞价办法已保存').waitFor()
  await page.getByRole('link', { name: '核对并发布' }).click()
  await buyer.fits()
  await page.getByRole('button', { name: '发布招标' }).click()
  await page.getByText('招标已发布').waitFor()
  await page.getByText('自由报价').first().waitFor()
  const id = new URL(page.url()).pathname.split('/').pop()
  return { id, lot: (await json(page, `/tenders/${id}`)).lots[0].id }
}

async function bid(page, lot, price) {
  await page.goto(`/lots/${lot}/bids/new`)
  await page.getByLabel('投标报价').fill(price)
  await page.getByLabel('交付期').fill('60')
  await page.getByRole('button', { name: '密封并提交投标' }).click()
  await page.getByText('投标已密封').waitFor()
}

/** Moves the demo's clock from event to event until this address says so. Pages that are open stay open. */
async function until(page, path, is) {
  const tab = await page.context().newPage()
  while (!is(await json(tab, path))) {
    await tab.goto('/demo/clock')
    await tab.locator('button[value=event]').click()
    await tab.getByText('时钟已前进').waitFor()
  }
  await tab.close()
}

/** So many days ahead of the demo's clock, at this hour in Beijing, as the field takes it. */
async function inDays(page, days, hour) {
  const now = new Date(await page.locator('html').getAttribute('data-now'))
  const at = new Date(now.getTime() + (8 + 24 * days) * 3_600_000)
  return `${at.toISOString().slice(0, 10)}T${hour}:00`
}

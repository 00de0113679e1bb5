// One whole journey in a browser: sign-up, tender, sealed bids, opening, award, the public's search.
// Everybody has cookies of their own; two of the providers hold a phone.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openBrowser, openContext } from './stage/browser.mjs'
import { openDemo } from './stage/demo.mjs'
import { Person } from './stage/person.mjs'

const TITLE = '冷链仓库温湿度监测系统采购'
const QUESTION = '传感器是否可以使用电池供电？'
const ANSWER = '可以，电池须能连续工作两年。'
const REASON = '三家均满足要求，报价最低。'
const PHONE = { width: 390, height: 844 }

const BUYER = {
  company: '云栈冷链物流有限公司',
  creditCode: '91330108MAAY4CL12R',
  sides: ['需求方'],
  phone: '13900139001',
  email: 'caigou@yunzhan.example',
  password: '青石板上 雨声 七盏灯',
}
const PROVIDERS = [
  { company: '禾木物联科技有限公司', creditCode: '91310104MA2TH3BJ31', phone: '13900139002', price: '468000', days: '60' },
  { company: '汀洲自动化有限公司', creditCode: '91320505MA1XG6125L', phone: '13900139003', price: '455000', days: '75' },
  { company: '岚屿传感技术有限公司', creditCode: '91440305MADD272H47', phone: '13900139004', price: '479000', days: '45' },
].map((who, i) => ({ ...who, sides: ['服务商'], email: `bid${i}@provider.example`, password: `山脚 木桥 ${i} 归雁 晚钟` }))
/** What the first provider offers in the end: the lowest price. */
const REPLACED_PRICE = '449000'

let demo, browser, buyer, operator, providers, outsider

/** The same twice: forms work without script, which only adds. */
for (const javaScriptEnabled of [true, false]) {
  describe(javaScriptEnabled ? 'with script' : 'without script', () => {
    before(() => arrive({ javaScriptEnabled }))
    after(leave)
    test('sign-up to award, as people do it', { timeout: 170_000 }, journey)
  })
}

async function arrive(options) {
  demo = await openDemo()
  browser = await openBrowser()
  const operatorOf = demo.accounts.find(({ role }) => role === 'operator')
  buyer = await Person.arrive(browser, demo.root, BUYER, options)
  operator = await Person.arrive(browser, demo.root, operatorOf, options)
  providers = await Promise.all(
    PROVIDERS.map((who, i) => Person.arrive(browser, demo.root, who, i < 2 ? { ...PHONE, ...options } : options)),
  )
}

async function leave() {
  await browser?.close()
  await demo?.stop()
}

async function journey(t) {
  const everybody = [buyer, operator, ...providers]
  // Each step stands on the ones before it.
  let held = true
  const step = (name, act) =>
    t.test(name, { skip: !held && 'an earlier step failed' }, async () => {
      held = false
      await act()
      assert.deepEqual(everybody.flatMap(({ faults }) => faults), [])
      held = true
    })

  await step('a buyer and three providers register, with the codes they were sent', async () => {
    for (const person of [buyer, ...providers]) await person.register()
  })
  await step('the operator approves them', approve)
  await step('the buyer drafts, reviews and publishes a tender', publish)
  await step('a provider asks, the buyer answers to all', clarify)
  await step('three providers seal bids; the buyer’s pages do not change', bid)
  await step('one of them replaces its bid', replace)
  await step('the clock passes the deadline', passDeadline)
  await step('the opening record ranks them', readOpening)
  await step('the buyer awards with a reason', award)
  await step('anybody finds the result, without a cookie', findResult)
}

async function approve() {
  const { page } = operator
  await operator.signIn()
  for (const { company } of [BUYER, ...PROVIDERS]) {
    await operator.go('审核')
    await page.getByRole('link', { name: company }).click()
    await operator.fits()
    await page.getByRole('button', { name: '通过这家公司' }).click()
    await page.getByText('已通过，公司会收到邮件').waitFor()
  }
}

async function publish() {
  const { page } = buyer
  await buyer.go('招标')
  await page.getByRole('link', { name: '起草招标' }).first().click()
  await page.getByLabel('项目名称').fill(TITLE)
  await page.getByRole('radio', { name: /^公开招标/ }).check()
  await page.getByLabel('类别').selectOption({ index: 3 })
  await page.getByLabel('区域').selectOption({ label: '浙江省' })
  await page.getByLabel('采购内容与要求').fill('六座冷链仓库的温湿度监测：传感器、网关、平台与两年运维，断网时本地存储七天。')
  await page.getByLabel('提问截止').fill(await inDays(page, 4))
  await page.getByLabel('投标截止').fill(await inDays(page, 6))
  await page.getByRole('checkbox', { name: '公开各标段预算' }).check()
  await buyer.fits()
  await page.getByRole('button', { name: '保存草稿' }).click()

  await page.getByLabel('标段名称').fill('监测系统及两年运维')
  await page.getByLabel('预算（含税）').fill('500000')
  await page.getByRole('button', { name: '添加标段' }).click()
  await page.getByRole('cell', { name: '监测系统及两年运维' }).waitFor()
  const document = { name: '技术要求.txt', mimeType: 'text/plain', buffer: Buffer.from('精度 ±0.3 ℃，每分钟一次。\n') }
  await page.getByLabel('上传文件').setInputFiles(document)
  await page.getByRole('button', { name: '上传', exact: true }).click()
  await page.getByRole('link', { name: '技术要求.txt' }).waitFor()
  await buyer.fits()

  await page.getByRole('link', { name: '核对并发布' }).click()
  await page.getByRole('heading', { name: TITLE }).waitFor()
  await buyer.fits()
  await page.getByRole('button', { name: '发布招标' }).click()
  await page.getByText('招标已发布').waitFor()
  await page.getByText('开标前不显示投标情况').waitFor()
  await buyer.fits()
}

async function clarify() {
  const { page } = providers[2]
  await openTender(providers[2])
  await page.getByText('提出问题').click()
  await page.getByLabel('问题').fill(QUESTION)
  await page.getByRole('button', { name: '提交问题' }).click()
  await page.getByText('问题已提交').waitFor()

  await buyer.page.reload()
  await buyer.page.getByText(QUESTION).waitFor()
  const told = await buyer.told()
  assert.ok(!told.join().includes(PROVIDERS[2].company), 'the buyer is not told who asks')
  await buyer.page.getByLabel('答复').fill(ANSWER)
  await buyer.page.getByRole('button', { name: '答复并公开' }).click()
  await buyer.page.getByText('答复已公开给所有人').waitFor()
}

async function bid() {
  const address = new URL(buyer.page.url()).pathname
  const own = [address, '/tenders', '/', `/notices?words=${encodeURIComponent(TITLE)}`]
  const before = await readAll(own)
  for (const provider of providers) {
    const { page, who } = provider
    await openTender(provider)
    await page.getByText(ANSWER).waitFor()
    await page.getByRole('row', { name: '监测系统' }).getByRole('link', { name: '投标', exact: true }).click()
    await provider.fits()
    await offer(page, who.price, who.days)
    await page.getByText('投标已密封').waitFor()
    await provider.fits()
  }
  assert.deepEqual(await readAll(own), before)
  // Nor is there a record before the hour; that the address fails is meant.
  buyer.expected.add(`${address}/opening`)
  const early = await buyer.page.goto(`${address}/opening`)
  assert.equal(early.status(), 404)
}

async function readAll(paths) {
  const told = []
  for (const path of paths) {
    await buyer.page.goto(path)
    told.push(await buyer.told())
  }
  return told
}

async function offer(page, price, days) {
  await page.getByLabel('投标报价').fill(price)
  await page.getByLabel('交付期').fill(days)
  await page.getByLabel('说明').fill('报价含税，质保两年。')
  const file = { name: '技术方案.txt', mimeType: 'text/plain', buffer: Buffer.from(`总价 ${price} 元\n`) }
  await page.getByLabel('投标文件').setInputFiles(file)
  await page.getByRole('button', { name: '密封并提交投标' }).click()
}

async function replace() {
  const [provider] = providers
  const { page } = provider
  await provider.go('投标')
  await page.getByRole('link', { name: TITLE }).click()
  await page.getByRole('link', { name: '替换投标' }).click()
  await offer(page, REPLACED_PRICE, '55')
  await page.getByText('投标已替换').waitFor()
  const receipt = page.waitForEvent('download')
  await page.getByRole('link', { name: '下载回执' }).click()
  assert.match((await receipt).suggestedFilename(), /\.json$/)
}

/** Day by day, as the demo's clock goes; sessions end meanwhile and people sign in again. */
async function passDeadline() {
  const { page } = buyer
  await page.goto('/tenders')
  const row = page.getByRole('row', { name: TITLE })
  const deadline = new Date(await row.locator('time').first().getAttribute('datetime'))
  do {
    await page.getByRole('link', { name: '调整时钟' }).click()
    await page.getByRole('button', { name: '前进 1 天' }).click()
    await page.getByText('时钟已前进').waitFor()
  } while ((await now(page)) <= deadline)
  for (const person of [buyer, ...providers]) await person.signIn()
}

async function readOpening() {
  const [provider] = providers
  await provider.go('投标')
  await provider.page.getByRole('link', { name: TITLE }).click()
  await provider.page.getByRole('link', { name: '查看开标记录' }).click()
  await provider.page.getByRole('heading', { name: '开标记录' }).waitFor()
  await provider.fits()

  await buyer.go('招标')
  await buyer.page.getByRole('link', { name: TITLE }).click()
  const ranked = buyer.page.getByRole('table').filter({ hasText: '价格名次' }).getByRole('row')
  await ranked.nth(3).waitFor()
  const rows = await ranked.allInnerTexts()
  const inOrder = [0, 1, 2].map((i) => PROVIDERS[i].company)
  inOrder.forEach((company, i) => assert.ok(rows[i + 1].includes(company), `${company} at ${i + 1}: ${rows}`))
  assert.match(rows[1], /449,000/)
  await buyer.fits()
}

async function award() {
  const { page } = buyer
  await page.getByRole('link', { name: '选择中标人' }).first().click()
  await page.getByRole('radio', { name: PROVIDERS[0].company }).check()
  await buyer.fits()
  await page.getByLabel('中标理由').fill(REASON)
  await page.getByRole('button', { name: '确定中标' }).click()
  await page.getByText('中标结果已公开').waitFor()
  await page.getByRole('heading', { name: '中标结果' }).waitFor()
  await buyer.fits()
}

async function findResult() {
  const { context, faults } = await openContext(browser, demo.root, PHONE)
  outsider = await context.newPage()
  await outsider.goto('/')
  await outsider.getByRole('searchbox').fill('冷链仓库 温湿度')
  await outsider.getByRole('button', { name: '搜索公告' }).click()
  const result = outsider.getByRole('row').filter({ hasText: '结果' }).getByRole('link', { name: TITLE })
  // Notices are written by a follower and indexed by another, a moment after the award.
  const end = Date.now() + 20_000
  while ((await result.count()) === 0 && Date.now() < end) await outsider.reload()
  await result.click()
  const notice = outsider.getByRole('article')
  await notice.getByText(PROVIDERS[0].company).first().waitFor()
  await notice.getByText('44.90万元').first().waitFor()
  assert.deepEqual(await context.cookies(), [])
  assert.deepEqual(faults, [])
  await context.close()
}

/** From the list of what may be bid for, to the tender. */
async function openTender(person) {
  await person.go('商机')
  await person.page.getByRole('link', { name: TITLE }).click()
  await person.page.getByRole('heading', { name: TITLE }).waitFor()
}

/** What the demo's clock shows on this page. */
async function now(page) {
  return new Date(await page.locator('html').getAttribute('data-now'))
}

/** A date and time as its field takes it: so many days ahead of the demo's clock, at 10:00 in Beijing. */
async function inDays(page, days) {
  const at = new Date((await now(page)).getTime() + (8 + 24 * days) * 3_600_000)
  return `${at.toISOString().slice(0, 10)}T10:00`
}

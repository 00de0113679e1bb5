// A committee in browsers: how it is asked for, drawn, what its members see on a phone and sign, the report; then the candidates, a bidder's objection and the buyer's answer.
import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { openBrowser } from './stage/browser.mjs'
import { openDemo } from './stage/demo.mjs'
import { Person } from './stage/person.mjs'
import { defects } from './stage/quality.mjs'

const TITLE = '备件库盘点终端采购'
const PHONE = { width: 390, height: 844 }
const PRICES = ['98000', '91500', '104000']
const POINTS = [['32', '15'], ['30', '18.5'], ['35', '14']]
const OBJECTION = '第一名的终端样机没有防水等级检测报告，请核对是否满足招标文件第三条。'
const ANSWER = '已核对：检测报告在投标文件附件二，等级满足要求，维持公示。'
/** Where pictures go, for whoever looks at them. */
const PICTURES = process.env.ZIYUN_E2E_PICTURES

let demo, browser, buyer, experts, providers, tender, lot

before(async () => {
  demo = await openDemo()
  browser = await openBrowser()
  if (PICTURES) await mkdir(PICTURES, { recursive: true })
  const arrive = (email, options) => Person.arrive(browser, demo.root, demo.accounts.find((one) => one.email === email), options)
  buyer = await arrive('caigou@lanzhi.example')
  experts = [await arrive('pingshen@danhuai.example', PHONE), await arrive('pingshen@lansu.example')]
  const bidders = ['toubiao@qimu.example', 'toubiao@yuanxiu.example', 'toubiao@qingyan.example']
  providers = await Promise.all(bidders.map((email, i) => arrive(email, i === 0 ? PHONE : {})))
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

test('a committee scores, and a bidder objects to what follows', { timeout: 240_000 }, async () => {
  await ask()
  await bidAndOpen()
  await form()
  for (const one of experts) await declare(one)
  for (const one of [...experts, buyer]) await scoreAndSign(one)
  await publish()
  await object()
  await answer()
  for (const { faults } of [buyer, ...experts, ...providers]) assert.deepEqual(faults, [])
})

/** Acts as the page's script would, where the page itself is another test's. */
async function post({ page }, path, data) {
  const headers = { accept: 'application/json' }
  const session = await (await page.request.get('/session', { headers })).json()
  const answer = await page.request.post(path, { data, headers: { ...headers, 'x-csrf-token': session.csrf } })
  assert.ok(answer.ok(), `${path}: ${answer.status()} ${await answer.text()}`)
  return answer.json()
}

async function looks(person, name) {
  // Where a form leads back into the middle of a page, what lies under the bar at its top counts as covered.
  await person.page.evaluate(() => scrollTo(0, 0))
  assert.deepEqual(await defects(person.page), [])
  await person.fits()
  if (PICTURES) await person.page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true })
}

/** The draft says that a committee evaluates; a number of points that is none of a hundred is refused. */
async function ask() {
  await buyer.signIn()
  const { page } = buyer
  const now = new Date(await page.locator('html').getAttribute('data-now')).getTime()
  const inDays = (days) => new Date(now + days * 86_400_000).toISOString()
  tender = crypto.randomUUID()
  lot = crypto.randomUUID()
  await post(buyer, '/tenders', {
    id: tender, title: TITLE, method: 'quotation', category: 'it-hardware', region: '33', budget_shown: '1',
    summary: '采购手持盘点终端四十台，支持离线盘点和批量上传，防护等级不低于六级，质保三年。',
    questions_until: inDays(3), deadline: inDays(5),
  })
  await post(buyer, `/tenders/${tender}/lots`, { lot_id: lot, lot_title: '盘点终端四十台', lot_budget: '110000' })
  await page.goto(`/tenders/${tender}/criteria`)
  await page.getByRole('radio', { name: '评标委员会打分' }).check()
  await page.getByLabel('委员会人数').selectOption('3')
  await page.getByLabel('价格分').fill('40')
  await page.getByLabel('技术评审项').fill('技术方案 40\n实施团队 30')
  await page.getByRole('checkbox', { name: '暗标评审' }).check()
  await looks(buyer, 'criteria')
  buyer.expected.add(`/tenders/${tender}/criteria`)
  await page.getByRole('button', { name: '保存评标办法' }).click()
  await page.getByRole('alert').first().waitFor()
  await page.getByLabel('技术评审项').fill('技术方案 40\n实施团队 20')
  await page.getByRole('button', { name: '保存评标办法' }).click()
  await page.getByText('3 人评标委员会').first().waitFor()
  const { tender: { version } } = await (await page.request.get(`/tenders/${tender}/draft`, { headers: { accept: 'application/json' } })).json()
  await post(buyer, `/tenders/${tender}/publication`, { version })
}

async function bidAndOpen() {
  for (const [i, provider] of providers.entries()) {
    await provider.signIn()
    const bid = { id: crypto.randomUUID(), price: PRICES[i], delivery_days: '30', note: '含三年质保。' }
    await post(provider, `/lots/${lot}/bids`, bid)
  }
  for (let day = 0; day < 6; day++) await post(buyer, '/demo/clock', { by: 'day' })
  for (const person of [buyer, ...experts, ...providers]) await person.signIn()
}

async function form() {
  const { page } = buyer
  await page.goto(`/tenders/${tender}`)
  await page.locator('.head-act').getByRole('link').first().click()
  await page.getByLabel('本公司的评委').fill(buyer.who.email)
  await looks(buyer, 'committee-form')
  await page.getByRole('button', { name: '组建委员会' }).click()
  await page.getByText('候选名单已锁定').waitFor()
  // The entry that gives the seed is one of a later ten seconds: whoever is too early is told, and tries again.
  buyer.expected.add(`/lots/${lot}/draw`)
  const isDrawn = async () => (await page.getByText('评委会收到通知').count()) > 0
  for (let tries = 0; tries < 5 && !(await isDrawn()); tries++) {
    await post(buyer, '/demo/clock', { by: 'hour' })
    await page.goto(`/lots/${lot}/committee`)
    await page.getByRole('button', { name: '抽取专家' }).click()
    await page.waitForLoadState()
  }
  await page.getByText('评委会收到通知').waitFor()
  await looks(buyer, 'committee')
  await page.getByRole('link', { name: '抽取记录' }).first().click()
  await looks(buyer, 'draw')
}

/** Who is called reads who has bid, and nothing of the bids before the declaration. */
async function declare(expert) {
  const { page } = expert
  const width = page.viewportSize().width
  await page.goto('/evaluations')
  await page.getByRole('listitem').filter({ hasText: TITLE }).getByRole('link').click()
  const text = await page.getByRole('main').innerText()
  assert.ok(text.includes('栖木软件技术有限公司') && !text.includes('投标人 A'), text)
  expert.expected.add(`/lots/${lot}/declaration`)
  await page.getByRole('radio', { name: '有，我回避' }).check()
  await page.getByRole('button', { name: '提交声明' }).click()
  await page.getByRole('alert').first().waitFor()
  await looks(expert, `declaration-refused-${width}`)
  await page.getByRole('radio', { name: '没有' }).check()
  await page.getByRole('button', { name: '提交声明' }).click()
  await page.getByText('声明已提交').waitFor()
}

async function scoreAndSign(person) {
  const { page } = person
  const width = page.viewportSize().width
  await page.goto(`/lots/${lot}/scores`)
  if (person === buyer) {
    await page.getByRole('radio', { name: '没有' }).check()
    await page.getByRole('button', { name: '提交声明' }).click()
  }
  for (const [i, letter] of ['A', 'B', 'C'].entries()) {
    const bid = page.locator(`#bid-${letter}`)
    for (const [k, points] of POINTS[i].entries()) await bid.locator(`#p-${letter}-${k + 1}`).fill(points)
    await bid.getByLabel('评语').fill('方案完整，样机符合要求。')
    if (i === 0) await looks(person, `scores-${width}`)
    await bid.getByRole('button', { name: '保存这份打分' }).click()
    await page.locator(`#bid-${letter}`).getByText('已保存').first().waitFor()
  }
  const text = await page.getByRole('main').innerText()
  // Blind: neither names nor prices, until all have signed.
  for (const hidden of ['栖木软件', '98,000', '91,500']) assert.ok(!text.includes(hidden), `${hidden}: ${text}`)
  await looks(person, `scored-${width}`)
  await page.getByRole('button', { name: '签字' }).click()
  await page.getByText('已签字').first().waitFor()
  await looks(person, `signed-${width}`)
}

async function publish() {
  const { page } = buyer
  await page.goto(`/lots/${lot}/evaluation`)
  await page.getByRole('heading', { name: '排名' }).waitFor()
  await looks(buyer, 'report')
  await page.getByRole('link', { name: '中标候选人公示' }).first().click()
  await page.getByLabel('公示天数').fill('3')
  await looks(buyer, 'candidates-form')
  await page.getByRole('button', { name: '公示中标候选人' }).click()
  await page.getByText('期满之前不能定标').first().waitFor()
  await looks(buyer, 'candidates')
}

async function object() {
  const [objector] = providers
  const { page } = objector
  await page.goto(`/lots/${lot}/candidates`)
  await looks(objector, 'candidates-390')
  await page.getByRole('link', { name: '提出异议' }).click()
  objector.expected.add(`/lots/${lot}/objections`)
  await page.getByRole('button', { name: '提交异议' }).click()
  await page.getByRole('alert').first().waitFor()
  await page.getByLabel('异议的事实和理由').fill(OBJECTION)
  await looks(objector, 'objection-form-390')
  await page.getByRole('button', { name: '提交异议' }).click()
  await page.getByText('异议已提交').waitFor()
  await looks(objector, 'objection-390')
}

async function answer() {
  const { page } = buyer
  await page.goto(`/lots/${lot}/candidates`)
  await page.getByText('定标暂停').first().waitFor()
  await page.locator('#objections').getByRole('link').first().click()
  await page.getByText(OBJECTION).waitFor()
  await page.getByLabel('答复', { exact: true }).fill(ANSWER)
  await looks(buyer, 'objection-answer')
  await page.getByRole('button', { name: '提交答复' }).click()
  await page.getByText(ANSWER).waitFor()
  const [objector, , other] = providers
  await objector.page.reload()
  await objector.page.getByText(ANSWER).waitFor()
  await objector.page.getByRole('button', { name: '提交申诉' }).waitFor()
  await looks(objector, 'answered-390')
  // A third reads nothing of it.
  await other.page.goto(`/lots/${lot}/candidates`)
  const told = await other.page.getByRole('main').innerText()
  assert.ok(told.includes('公示中') && !told.includes(OBJECTION) && !told.includes(ANSWER), told)
}

// A colleague in a browser: invited by the buyer, joined by the letter's link, standing in for the buyer, given another duty, made an owner by their own acceptance; the first owner leaves.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openBrowser } from './stage/browser.mjs'
import { openDemo } from './stage/demo.mjs'
import { Person } from './stage/person.mjs'

const WHO = { phone: '13900139178', email: 'xinren@lanzhi.example', password: '旧船 新桨 十三盏 灯火' }

let demo, browser, buyer, colleague

describe('a colleague', () => {
  before(async () => {
    demo = await openDemo()
    browser = await openBrowser()
    buyer = await Person.arrive(browser, demo.root, demo.accounts.find(({ role }) => role === 'buyer'))
    colleague = await Person.arrive(browser, demo.root, WHO)
  })
  after(async () => {
    await browser?.close()
    await demo?.stop()
  })
  test('is invited, joins, is given a duty, takes the company over', { timeout: 120_000 }, journey)
})

async function journey() {
  await buyer.signIn()
  await invite(buyer.page)
  await join(await colleague.link(WHO.email))
  const { page } = colleague
  await page.goto('/tenders')
  assert.equal(await page.getByRole('link', { name: '起草招标' }).count(), 0, 'who only reads is offered no act')
  await standIn(buyer.page, page)
  await giveDuty(buyer.page)
  await page.goto('/tenders/new')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await colleague.fits()
  await handOver(buyer.page)
  await accept(page)
  await goAway(buyer.page)
  await page.goto('/company/people')
  await page.getByText('所有者').first().waitFor()
  assert.deepEqual(buyer.faults, [])
}

async function invite(page) {
  await page.goto('/company/people')
  await page.getByLabel('同事的邮箱').fill(WHO.email)
  await page.getByRole('checkbox', { name: '只读' }).check()
  await buyer.fits()
  await page.getByRole('button', { name: '发送邀请' }).click()
  await page.getByText('邀请已发出').waitFor()
  await page.getByText(WHO.email).first().waitFor()
}

async function join(link) {
  const { page } = colleague
  await page.goto(link)
  await page.getByText('邀请你加入').first().waitFor()
  await colleague.fits()
  await page.getByRole('link', { name: '注册并加入' }).click()
  await colleague.apply()
}

/** The buyer is away for three days: the colleague stands in, drafts, and stands in no more once the buyer is back. */
async function standIn(away, page) {
  await away.goto('/company/substitutions')
  const today = new Date(await away.locator('html').getAttribute('data-now')).getTime()
  const day = (days) => new Date(today + (8 + 24 * days) * 3_600_000).toISOString().slice(0, 10)
  await away.getByLabel('同事的邮箱').fill(WHO.email)
  await away.getByLabel('从哪一天').fill(day(0))
  await away.getByLabel('到哪一天').fill(day(2))
  await buyer.fits()
  await away.getByRole('button', { name: '请其代理' }).click()
  await away.getByText('等待答复').first().waitFor()
  await page.goto('/company/substitutions')
  await colleague.fits()
  await page.getByRole('button', { name: '同意代理' }).click()
  await page.getByText('你已同意代理').waitFor()
  await page.goto('/tenders')
  await page.getByRole('link', { name: '起草招标' }).first().waitFor()
  await away.goto('/company/substitutions')
  await away.getByRole('button', { name: '我回来了，结束' }).click()
  await away.getByText('已结束，立即生效').waitFor()
  await page.goto('/tenders')
  assert.equal(await page.getByRole('link', { name: '起草招标' }).count(), 0)
}

async function open(page) {
  await page.goto('/company/people')
  await page.getByRole('listitem').filter({ hasText: WHO.email }).getByRole('link', { name: '管理' }).click()
  await page.getByRole('heading', { name: WHO.email }).waitFor()
}

async function giveDuty(page) {
  await open(page)
  await page.getByRole('checkbox', { name: '采购经办' }).check()
  await buyer.fits()
  await page.getByRole('button', { name: '保存职责' }).click()
  await page.getByText('职责已更改').waitFor()
}

async function handOver(page) {
  await open(page)
  await page.getByRole('checkbox', { name: '接受后我不再是所有者' }).check()
  await buyer.fits()
  await page.getByRole('button', { name: '请其成为所有者' }).click()
  await page.getByText('等待接受').waitFor()
}

async function accept(page) {
  await page.goto('/company/people')
  await page.getByText('请你成为所有者').waitFor()
  await colleague.fits()
  await page.getByRole('button', { name: '接受', exact: true }).click()
  await page.getByText('你现在是公司的所有者').waitFor()
}

async function goAway(page) {
  await page.goto('/company/leaving')
  await buyer.fits()
  await page.getByRole('button', { name: '离开公司' }).click()
  await page.getByText('你已离开公司').waitFor()
}

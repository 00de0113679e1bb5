// A buyer moves a deadline and changes what is wanted; a provider that had bid sees it on its desk and confirms.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browser, demo } from './stage/opened.mjs'
import { Person } from './stage/person.mjs'

const TENDER = '机器视觉质检系统升级'
const BIDDER = 'toubiao@yuanxiu.example'

async function enter(wanted, options) {
  const person = await Person.arrive(browser, demo.root, demo.accounts.find(wanted), options)
  await person.signIn()
  return person
}

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with script' : 'without script'
  test(`${how}: a tender is amended, and a bid for it is confirmed`, { timeout: 120_000 }, async () => {
    const buyer = await enter(({ role }) => role === 'buyer', { javaScriptEnabled })
    const { page } = buyer
    await page.goto('/tenders')
    await page.locator('main').getByRole('link', { name: TENDER }).first().click()
    await page.getByRole('link', { name: '变更', exact: true }).click()
    await page.getByRole('radio', { name: /实质变更/ }).check()
    const summary = page.getByLabel('采购内容与要求')
    const wanted = `${await summary.inputValue()}${how}：增加夜班培训一次。`
    await summary.fill(wanted)
    await page.getByLabel('变更原因').fill('车间要求增加一次夜班培训')
    buyer.expected.add(new URL(page.url()).pathname)
    await page.getByRole('button', { name: '发布变更' }).click()
    // No lot was named: what was typed stays, and the page says where.
    await page.getByText('实质变更至少涉及一个标段').first().waitFor()
    assert.equal(await summary.inputValue(), wanted)
    await page.getByRole('checkbox', { name: /一号产线质检系统/ }).check()
    await buyer.fits()
    await page.getByRole('button', { name: '发布变更' }).click()
    await page.getByText('变更已发布，变更公告随即公开').waitFor()
    await page.locator('#amendments ins').getByText('增加夜班培训一次').first().waitFor()
    assert.deepEqual(buyer.faults, [])
    await buyer.leave()

    const provider = await enter(({ email }) => email === BIDDER, { javaScriptEnabled, width: 390, height: 844 })
    await provider.page.getByText(`标段有变更，投标待确认：${TENDER}`).first().waitFor()
    await provider.page.getByRole('link', { name: '确认或替换' }).first().click()
    await provider.fits()
    await provider.page.getByRole('button', { name: '确认原样有效' }).click()
    await provider.page.getByText('投标已确认有效，新回执在下方').waitFor()
    assert.equal(await provider.page.getByText('待确认').count(), 0)
    await provider.fits()
    await provider.page.goto('/inbox')
    await provider.page.getByText(`“${TENDER}”有变更`).first().waitFor()
    assert.deepEqual(provider.faults, [])
    await provider.leave()
  })
}

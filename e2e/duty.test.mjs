// Duties of the operator's people: an auditor reads how a company stood on a day, and the company sees that; a publisher
// announces to everybody, and withdraws it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openContext } from './stage/browser.mjs'
import { browser, demo } from './stage/opened.mjs'
import { Person } from './stage/person.mjs'

const BUYER = '91330106MAAY4CL12W'
const DAY_MS = 86_400_000

const account = (role) => demo.accounts.find((one) => one.role === role)
const day = (ago) => new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10)

async function enter(role, options) {
  const person = await Person.arrive(browser, demo.root, account(role), options)
  await person.signIn()
  return person
}

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with script' : 'without script'
  test(`${how}: an auditor reads a company's history as of a day, and the company sees it`, { timeout: 120_000 }, async () => {
    const auditor = await enter('auditor', { javaScriptEnabled, width: 390, height: 844 })
    const { page } = auditor
    await page.goto('/desk/audit')
    await page.getByRole('link', { name: '查看企业历史' }).click()
    await page.locator('#f-words').fill(BUYER)
    await page.getByRole('button', { name: '查找' }).click()
    await page.locator('main').getByRole('link', { name: '澜沚精密制造有限公司' }).first().click()
    await page.getByLabel('审计平台的决定').check()
    await page.getByLabel('理由').fill('年度审计：核对注册审核的依据')
    await page.locator('main form.form [type=submit]').click()
    await page.getByText('当时的企业资料').waitFor()
    await page.getByText('依公示信息').first().waitFor()
    await auditor.fits()
    await page.locator('#f-at').fill(day(60))
    await page.getByRole('button', { name: '查看这一天' }).click()
    await page.getByText('请选注册之后的日期').waitFor()
    await page.goto('/desk/audit')
    await page.getByText('年度审计：核对注册审核的依据').first().waitFor()
    await auditor.fits()
    // What is another duty's stays shut, and says so.
    await page.goto('/desk/operators')
    await page.getByText('这一页需要“管理”职责').waitFor()
    const buyer = await enter('buyer', { javaScriptEnabled, width: 390, height: 844 })
    await buyer.page.goto('/company/history')
    await buyer.page.getByRole('link', { name: '谁看过' }).click()
    await buyer.page.getByText('外部审计').first().waitFor()
    await buyer.fits()
    assert.deepEqual(buyer.faults, [])
    await buyer.leave()
    await auditor.leave()
  })

  test(`${how}: a publisher announces to everybody, and withdraws it`, { timeout: 120_000 }, async () => {
    const publisher = await enter('publisher', { javaScriptEnabled })
    const { page } = publisher
    await page.goto('/desk/announcements')
    await page.getByLabel('中文标题').fill('周六夜间升级')
    await page.getByLabel('英文标题').fill('Upgrade on Saturday night')
    await page.getByLabel('中文正文').fill('周六22时起停机两小时。')
    await page.getByLabel('英文正文').fill('Down for two hours from 22:00.')
    await page.locator('#f-ends_at').fill(`${day(-3)}T12:00`)
    await page.getByRole('button', { name: '存为草稿' }).click()
    await page.getByText('草稿已保存').waitFor()
    await page.getByRole('button', { name: '公布给所有人' }).click()
    await page.getByText('已公布给所有人').waitFor()
    const { context } = await openContext(browser, demo.root, { javaScriptEnabled, width: 390, height: 844 })
    const visitor = await context.newPage()
    await visitor.goto('/')
    await visitor.getByRole('link', { name: '查看通告' }).first().click()
    await visitor.getByText('周六22时起停机两小时。').waitFor()
    await page.getByRole('link', { name: '周六夜间升级' }).first().click()
    await page.goto('/desk/announcements')
    await page.locator('main .list').getByRole('link', { name: '周六夜间升级' }).first().click()
    await page.getByRole('button', { name: '撤回' }).click()
    await page.getByText('已撤回').first().waitFor()
    await visitor.goto('/')
    assert.equal(await visitor.getByText('周六夜间升级').count(), 0)
    assert.deepEqual(publisher.faults, [])
    await context.close()
    await publisher.leave()
  })
}

// A provider from nothing to a public page: signs up, hands its papers in, mends the one that a reviewer refuses, is verified, publishes
// what it offers; then an auditor reads how the company stood on a day before it changed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openContext } from './stage/browser.mjs'
import { browser, demo } from './stage/opened.mjs'
import { paper } from './stage/paper.mjs'
import { Person } from './stage/person.mjs'

const WHO = {
  company: '霜序仪器仪表有限公司',
  creditCode: '91330106MA3C8N5T9L',
  sides: ['服务商'],
  phone: '13900139181',
  email: 'jingli@shuangxu.example',
  password: '竹篱 石阶 半窗 三更雨',
}
const ABOUT = '十二年仪器仪表校准与运维，浙江全省驻场。'
const DAY_MS = 86_400_000

const account = (role) => demo.accounts.find((one) => one.role === role)

async function enter(role, options) {
  const person = await Person.arrive(browser, demo.root, account(role), options)
  await person.signIn()
  return person
}

test('a provider signs up, is verified after one refused document, publishes page and offer, and an auditor reads its history', { timeout: 180_000 }, async () => {
  const provider = await Person.arrive(browser, demo.root, WHO)
  await provider.register()
  await handIn(provider, ['licence', 'letter'])
  const reviewer = await enter('reviewer')
  await review(reviewer, { licence: null, letter: '授权书没有盖公司的章，请盖章后重新上传。' })
  await provider.page.goto('/company/verification/company')
  await provider.page.getByText('授权书没有盖公司的章').first().waitFor()
  await provider.fits()
  await handIn(provider, ['letter'])
  await review(reviewer, { letter: null })
  await provider.page.goto('/company/verification/company')
  await provider.page.locator('.head').getByText('已认证').waitFor()
  const address = await publish(provider)
  await readSignedOut(address)
  const changed = await change(provider)
  await readHistory(changed)
  for (const person of [provider, reviewer]) {
    assert.deepEqual(person.faults, [])
    await person.leave()
  }
})

/** Uploads a page for each of these steps, and hands the case in. */
async function handIn({ page }, steps) {
  await page.goto('/company/verification/company')
  for (const step of steps) {
    const form = page.locator(`section#${step}`)
    await form.locator('input[type=file]').setInputFiles({ name: `${step}.png`, mimeType: 'image/png', buffer: paper(900, 640) })
    await form.locator('[type=submit]').click()
    await page.locator(`section#${step}`).getByText('已上传').first().waitFor()
  }
  await page.getByRole('button', { name: '提交审核' }).click()
  await page.getByText('已提交，结果会发到邮箱').waitFor()
}

/** Decides on each step that waits: no reason accepts it. */
async function review(reviewer, steps) {
  const { page } = reviewer
  await page.goto('/desk/verifications')
  await page.getByRole('link', { name: WHO.company }).first().click()
  const claim = page.getByRole('button', { name: '由我审核' })
  if (await claim.count()) await claim.click()
  await page.locator('.proof img').first().waitFor()
  for (const [step, reason] of Object.entries(steps)) {
    await page.locator(`[name=${step}][value=${reason ? 'refuse' : 'accept'}]`).check()
    if (reason) await page.locator(`[name=${step}_reason]`).fill(reason)
    else for (const box of await page.locator(`[name=${step}_checks]`).all()) await box.check()
  }
  await reviewer.fits()
  await page.getByRole('button', { name: '提交结论' }).click()
  await page.getByText('结论已记录，公司会收到邮件').waitFor()
}

/** What it offers: services, regions, how it asks to be paid; previewed first. Answers the public page's address. */
async function publish(provider) {
  const { page } = provider
  await offer(page)
  await provider.fits()
  await page.getByRole('button', { name: '先看预览' }).click()
  await page.getByText('只有你能看到这个预览').waitFor()
  await page.getByText(ABOUT).first().waitFor()
  await offer(page)
  await page.getByRole('button', { name: '公开', exact: true }).click()
  await page.getByText('已公开').first().waitFor()
  const id = await page.evaluate(async () => {
    const answer = await fetch('/company', { headers: { accept: 'application/json' } })
    return (await answer.json()).company.id
  })
  return `/providers/${id}`
}

async function offer(page) {
  await page.goto('/company/profile')
  await page.locator('[name=about]').fill(ABOUT)
  const service = page.locator('[name=services][value=it-ops]')
  await page.locator('details', { has: service }).locator('summary').click()
  await service.check()
  await page.locator('[name=regions][value="33"]').check()
  await page.locator('[name=price]').selectOption('time')
  await page.locator('[name=references]').fill('某仪表厂校准平台运维（2025）')
}

/** Anybody reads it, finds it in the list, and takes the list along. */
async function readSignedOut(address) {
  const { context, faults } = await openContext(browser, demo.root)
  const page = await context.newPage()
  await page.goto(address)
  await page.getByText(ABOUT).first().waitFor()
  await page.getByText(WHO.creditCode).first().waitFor()
  await page.getByText('按人天和材料').waitFor()
  const line = page.getByRole('link', { name: WHO.company })
  // The list follows a moment after the page.
  for (const end = Date.now() + 20_000; ; ) {
    await page.goto('/providers?category=it-ops&region=33')
    if ((await line.count()) > 0 || Date.now() > end) break
  }
  await line.waitFor()
  const file = page.waitForEvent('download')
  await page.getByRole('link', { name: '下载 xlsx' }).click()
  assert.equal((await file).suggestedFilename(), 'providers.xlsx')
  assert.deepEqual(await context.cookies(), [])
  assert.deepEqual(faults, [])
  await context.close()
}

/** A day passes, and the company has another name. Answers the day before. */
async function change(provider) {
  const { page } = provider
  const before = await page.locator('html').getAttribute('data-now')
  await page.goto('/demo/clock')
  for (let days = 0; days < 2; days++) {
    await page.getByRole('button', { name: '前进 1 天' }).click()
    await page.getByText('时钟已前进').waitFor()
  }
  await provider.signIn()
  await page.goto('/company/identity')
  await page.getByLabel('公司名称').fill('霜序计量有限公司')
  if (!(await page.locator('[name=nature]').inputValue())) await page.locator('[name=nature]').selectOption('private')
  if (!(await page.locator('[name=section]').inputValue())) await page.locator('[name=section]').selectOption('C')
  await page.locator('main form.form [type=submit]').first().click()
  await page.getByText('已提交').first().waitFor()
  return new Date(new Date(before).getTime() + DAY_MS).toISOString().slice(0, 10)
}

/** As of the day before the change the company has its first name, and now the other. */
async function readHistory(day) {
  const auditor = await enter('auditor')
  const { page } = auditor
  await page.goto('/desk/audit/histories')
  await page.locator('#f-words').fill(WHO.creditCode)
  await page.getByRole('button', { name: '查找' }).click()
  await page.locator('main').getByRole('link', { name: WHO.company }).first().click()
  await page.getByLabel('审计平台的决定').check()
  await page.getByLabel('理由').fill('抽查：改名前后的资料')
  await page.locator('main form.form [type=submit]').click()
  await page.getByText('霜序计量有限公司').first().waitFor()
  await page.locator('#f-at').fill(day)
  await page.getByRole('button', { name: '查看这一天' }).click()
  await page.locator('dl.facts').getByText(WHO.company).first().waitFor()
  assert.equal(await page.locator('dl.facts').getByText('霜序计量有限公司').count(), 0, 'as it stood then')
  await auditor.fits()
  assert.deepEqual(auditor.faults, [])
  await auditor.leave()
}

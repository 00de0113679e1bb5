// A provider whose letter was refused uploads that one anew, and is verified by a reviewer who sees it beside the check list.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browser, demo } from './stage/opened.mjs'
import { paper } from './stage/paper.mjs'
import { Person } from './stage/person.mjs'

const MENDER = 'renzheng@tinglan.example'

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with script' : 'without script'
  // The second run finds the company verified: it looks on, and sees what each of them has.
  test(`${how}: one refused document is mended, reviewed and accepted`, { timeout: 120_000 }, async () => {
    const account = (wanted) => demo.accounts.find(wanted)
    const provider = await Person.arrive(browser, demo.root, account(({ email }) => email === MENDER), { javaScriptEnabled, width: 390, height: 844 })
    await provider.signIn()
    await provider.page.goto('/company/verification')
    await provider.fits()
    await provider.page.locator('main a[href="/company/verification/company"]').first().click()
    await provider.fits()
    if (javaScriptEnabled) await mend(provider, account(({ role }) => role === 'operator'))
    await provider.page.goto('/company/verification/company')
    await provider.page.locator('.head').getByText('已认证').waitFor()
    await provider.page.goto('/me/accesses')
    await provider.page.getByText('运营方的审核人员为').first().waitFor()
    assert.deepEqual(provider.faults, [])
    await provider.leave()
  })
}

async function mend({ page: own }, account) {
  await own.getByText('授权书没有盖公司的章').waitFor()
  const letter = own.locator('section#letter')
  const file = { name: '授权书.png', mimeType: 'image/png', buffer: paper(900, 640) }
  await letter.locator('input[type=file]').setInputFiles(file)
  await letter.locator('[type=submit]').click()
  await own.getByText('已上传').first().waitFor()
  await own.getByRole('button', { name: '提交审核' }).click()
  await own.getByText('已提交，结果会发到邮箱').waitFor()
  const reviewer = await Person.arrive(browser, demo.root, account, { width: 1440, height: 900 })
  await reviewer.signIn()
  const desk = reviewer.page
  await reviewer.go('审核')
  await reviewer.page.getByRole('navigation', { name: '同属一处的页面' }).getByRole('link', { name: '认证审核' }).click()
  await desk.getByRole('link', { name: '汀兰传感技术有限公司' }).click()
  assert.equal(await desk.locator('.proof img').count(), 0, 'nothing is shown before it is claimed')
  await desk.getByRole('button', { name: '由我审核' }).click()
  const picture = desk.locator('.proof img')
  await picture.waitFor()
  assert.ok(await picture.evaluate((image) => image.decode().then(() => image.naturalWidth)) > 0)
  for (const box of await desk.locator('.proof [type=checkbox]').all()) await box.check()
  await desk.getByRole('radio', { name: '通过这一步' }).check()
  await reviewer.fits()
  await desk.getByRole('button', { name: '提交结论' }).click()
  await desk.getByText('结论已记录，公司会收到邮件').waitFor()
  assert.deepEqual(reviewer.faults, [])
  await reviewer.leave()
}

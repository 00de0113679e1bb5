// Somebody who bids gives name and number of their identity document: a mistyped number is told at the field and typed anew, and what
// was given is masked from then on.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browser, demo } from './stage/opened.mjs'
import { paper } from './stage/paper.mjs'
import { Person } from './stage/person.mjs'

const BIDDER = 'toubiao@qimu.example'

/** A resident identity number of nobody's: who was born in that year lives no more. */
function number(order) {
  const first = `11010119030517${order}`
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = [...first].reduce((sum, digit, at) => sum + Number(digit) * weights[at], 0)
  return `${first}${'10X98765432'[sum % 11]}`
}

for (const [how, javaScriptEnabled, width, order] of [['with script', true, 1440, '123'], ['without script', false, 390, '246']]) {
  test(`${how}: a number is compared at once and masked for good`, { timeout: 120_000 }, async () => {
    const account = demo.accounts.find(({ email }) => email === BIDDER)
    const bidder = await Person.arrive(browser, demo.root, account, { javaScriptEnabled, width, height: 900 })
    await bidder.signIn()
    const { page } = bidder
    await page.goto('/company/verification/authorised-bidder')
    await bidder.fits()
    bidder.expected.add('/company/verification/authorised-bidder/steps/identity')
    const whole = number(order)
    const give = async (typed) => {
      const step = page.locator('section#identity')
      await step.locator('select[name=document]').selectOption('resident-id')
      await step.locator('input[name=id_name]').fill('顾清和')
      await step.locator('input[name=id_number]').fill(typed)
      await step.locator('input[type=file]').setInputFiles({ name: '证件.png', mimeType: 'image/png', buffer: paper(900, 640) })
      await step.locator('[type=submit]').click()
    }
    await give(`${whole.slice(0, 17)}${whole.endsWith('1') ? '2' : '1'}`)
    await page.locator('.error').getByText('校验位不符').waitFor()
    assert.equal(await page.locator('input[name=id_number]').inputValue(), '', 'it is typed anew')
    await bidder.fits()
    await give(whole)
    await page.getByText(`${whole.slice(0, 3)}***********${whole.slice(14)}`).waitFor()
    await bidder.fits()
    for (const path of ['/company/verification/authorised-bidder', '/me/data', '/me/accesses']) {
      await page.goto(path)
      assert.ok(!(await page.content()).includes(whole), `${path} shows the number`)
    }
    assert.deepEqual(bidder.faults, [])
    await bidder.leave()
  })
}

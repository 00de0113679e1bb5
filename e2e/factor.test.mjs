// The second factor in a real browser: registered from the page, asked for at the next sign-in, and its pages looked at.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { browser, demo } from './stage/opened.mjs'
import { Person } from './stage/person.mjs'

/** The bytes of a text in Base32 (RFC 4648). */
function base32(text) {
  const bits = [...text].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)))
}

/** What an authenticator shows (RFC 6238), by the server's clock as the page tells it; `later`: so many periods on. */
async function codeFor(page, secret, later = 0) {
  const now = Date.parse(await page.locator('html').getAttribute('data-now'))
  const period = Buffer.alloc(8)
  period.writeBigUInt64BE(BigInt(Math.floor(now / 30_000) + later))
  const tag = createHmac('sha1', base32(secret)).update(period).digest()
  const number = tag.readUInt32BE(tag[19] & 15) & 0x7fffffff
  return String(number % 1_000_000).padStart(6, '0')
}

for (const javaScriptEnabled of [true, false]) {
  test(`an authenticator is registered and asked for, scripts: ${javaScriptEnabled}`, { timeout: 120_000 }, async () => {
    const who = demo.accounts.filter(({ role }) => role === 'provider')[javaScriptEnabled ? 0 : 1]
    const person = await Person.arrive(browser, demo.root, who, { javaScriptEnabled })
    const { page } = person
    await person.signIn()
    await page.goto('/me/security')
    await person.fits()
    await page.getByRole('button', { name: '登记验证器' }).click()
    const secret = (await page.locator('code.secret').innerText()).replace(/\s/g, '')
    assert.ok((await page.locator('svg.qr').boundingBox()).width >= 200, 'large enough for a camera')
    await person.fits()
    await page.getByLabel('验证码').fill(await codeFor(page, secret))
    await page.getByRole('button', { name: '启用验证器' }).click()
    const recovery = await page.locator('.recovery code').allInnerTexts()
    assert.equal(recovery.length, 10)
    await person.fits()
    await page.getByRole('link', { name: '我已保存' }).click()
    await page.getByText('还剩 10 个').waitFor()

    const again = await Person.arrive(browser, demo.root, who, { javaScriptEnabled })
    await again.page.goto('/me/security')
    await again.page.locator('[name=account]').fill(who.email)
    await again.page.locator('[name=password]').fill(who.password)
    await again.page.locator('main form [type=submit]').click()
    await again.page.waitForURL('**/session/factor?next=%2Fme%2Fsecurity')
    await again.fits()
    await again.page.getByLabel('验证码或恢复码').fill(await codeFor(again.page, secret, 1))
    await again.page.locator('main form [type=submit]').click()
    await again.page.waitForURL('**/me/security')
    await again.page.getByText('还剩 10 个').waitFor()

    const third = await Person.arrive(browser, demo.root, who, { javaScriptEnabled })
    await third.page.goto('/session/new')
    await third.page.locator('[name=account]').fill(who.email)
    await third.page.locator('[name=password]').fill(who.password)
    await third.page.locator('main form [type=submit]').click()
    await third.page.getByLabel('验证码或恢复码').fill(recovery[3])
    await third.page.locator('main form [type=submit]').click()
    await third.page.waitForURL((url) => url.pathname === '/')
    await third.page.goto('/me/security')
    await third.page.getByText('还剩 9 个').waitFor()
    await third.page.getByRole('button', { name: '停用验证器' }).click()
    await third.page.getByText('验证器已停用').waitFor()
    for (const one of [person, again, third]) {
      assert.deepEqual(one.faults, [])
      await one.leave()
    }
  })
}

// Passkeys in a real browser, with an authenticator that Chromium plays: registered, signed in with, stepped up with, removed; what
// the page says when it does not work.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openBrowser } from './stage/browser.mjs'
import { openDemo } from './stage/demo.mjs'
import { Person } from './stage/person.mjs'

let demo, browser, root

before(async () => {
  demo = await openDemo()
  browser = await openBrowser()
  // Browsers take passkeys of this machine under its name only.
  root = demo.root.replace('127.0.0.1', 'localhost')
})

after(async () => {
  await browser?.close()
  await demo?.stop()
})

/** Somebody at a browser with an authenticator built in, which verifies its user. */
async function arrive(who, options, hasPrf = false) {
  const person = await Person.arrive(browser, root, who, options)
  const session = await person.context.newCDPSession(person.page)
  await session.send('WebAuthn.enable')
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      hasPrf,
      automaticPresenceSimulation: true,
    },
  })
  const verifies = (isUserVerified) => session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })
  const keys = async () => (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials
  return Object.assign(person, { verifies, keys })
}

async function register(person, name) {
  const { page } = person
  await page.goto('/me/security')
  await page.getByLabel('名称').fill(name)
  await page.getByRole('button', { name: '登记通行密钥' }).click()
}

async function signOut({ page }) {
  await page.locator('details.menu > summary').last().click()
  await page.getByRole('button', { name: '退出登录' }).click()
  await page.waitForURL((url) => url.pathname === '/')
}

test('a passkey is registered, signs in, steps up and is removed', { timeout: 120_000 }, async () => {
  const who = demo.accounts.find(({ role }) => role === 'provider')
  const person = await arrive(who)
  const { page } = person
  await person.signIn()

  await person.verifies(false)
  await register(person, '办公室电脑')
  await page.getByText('没有完成：你取消了').waitFor()
  await person.fits()
  await person.verifies(true)
  await page.getByRole('button', { name: '登记通行密钥' }).click()
  await page.locator('.recovery code').first().waitFor()
  assert.equal(await page.locator('.recovery code').count(), 10)
  const [key] = await person.keys()
  assert.deepEqual([key.isResidentCredential, key.rpId], [true, 'localhost'])
  await page.getByRole('link', { name: '我已保存' }).click()
  await page.getByText('办公室电脑', { exact: true }).waitFor()
  await person.fits()

  await register(person, '同一台')
  await page.getByText('这个设备已经登记过了').waitFor()

  await signOut(person)
  await page.goto('/session/new?next=/me/security')
  await person.fits()
  await page.getByRole('button', { name: '用通行密钥登录' }).click()
  await page.waitForURL('**/me/security')
  await page.getByText('上次使用').waitFor()

  await page.goto('/me/step-up?next=/me/security')
  await person.fits()
  await page.getByRole('button', { name: '用通行密钥确认' }).click()
  await page.waitForURL('**/me/security')
  await page.getByRole('button', { name: '移除 办公室电脑' }).click()
  await page.getByText('通行密钥已移除').waitFor()

  await signOut(person)
  person.expected.add('/session/passkey')
  await page.goto('/session/new')
  await page.getByRole('button', { name: '用通行密钥登录' }).click()
  await page.getByText('没有通过').waitFor()
  await person.fits()
  assert.deepEqual(person.faults, [])
  await person.leave()
})

test('an opening key opens with a passkey, and with its passphrase all the same', { timeout: 120_000 }, async () => {
  const passphrase = '青石 木桥 晚钟 归雁 渡口 竹影'
  const person = await arrive(demo.accounts.find(({ role }) => role === 'buyer'), {}, true)
  const { page } = person
  await person.signIn()
  await page.goto('/me/opening-key')
  await page.locator('#new-passphrase').fill(passphrase)
  await page.locator('#new-again').fill(passphrase)
  await page.getByRole('button', { name: '生成并登记' }).click()
  await page.getByText('密钥已登记。').waitFor()
  await page.locator('#prove-passphrase').fill(passphrase)
  await proves(page, '用口令解开')

  await page.locator('#wrap-passphrase').fill(`${passphrase}?`)
  await page.getByRole('button', { name: '做一个通行密钥' }).click()
  await page.locator('#passkey').getByText('口令不对').waitFor()
  await page.locator('#wrap-passphrase').fill(passphrase)
  await page.getByRole('button', { name: '做一个通行密钥' }).click()
  await page.getByText('以后也可以用通行密钥打开').waitFor()
  assert.equal((await person.keys()).length, 1)
  await person.fits()
  await proves(page, '用通行密钥解开')

  await person.verifies(false)
  await page.getByRole('button', { name: '用通行密钥解开' }).click()
  await page.locator('#proof').getByText('通行密钥没有完成').waitFor()
  await page.locator('#prove-passphrase').fill(passphrase)
  await proves(page, '用口令解开')
  await page.getByRole('button', { name: '不再用通行密钥' }).click()
  await page.getByText('口令照旧有效').first().waitFor()
  assert.deepEqual(person.faults, [])
  await person.leave()
})

async function proves(page, name) {
  const sent = page.waitForResponse((answer) => answer.url().endsWith('/proof') && answer.request().method() === 'POST')
  await page.getByRole('button', { name }).click()
  assert.equal((await sent).status(), 303)
  await page.getByText('证明通过').waitFor()
}

test('an operator gives a passkey as the second factor', { timeout: 120_000 }, async () => {
  const who = demo.accounts.find(({ role }) => role === 'operator')
  const person = await arrive(who)
  const { page } = person
  await person.signIn()
  await register(person, '工位')
  await page.getByRole('link', { name: '我已保存' }).click()
  await page.getByText('工位', { exact: true }).waitFor()
  await signOut(person)
  await page.goto('/session/new')
  await page.locator('[name=account]').fill(who.email)
  await page.locator('[name=password]').fill(who.password)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.waitForURL('**/session/factor**')
  await person.fits()
  await page.getByRole('button', { name: '用通行密钥继续' }).click()
  await page.waitForURL((url) => url.pathname === '/')
  await page.goto('/me/security')
  await page.getByText('上次使用').waitFor()
  assert.deepEqual(person.faults, [])
  await person.leave()
})

test('without script, and at another address, the page says what is left', { timeout: 120_000 }, async () => {
  const plain = await Person.arrive(browser, root, {}, { javaScriptEnabled: false })
  await plain.page.goto('/session/new')
  await plain.page.getByText('通行密钥要用到脚本').waitFor()
  assert.equal(await plain.page.getByRole('button', { name: '用通行密钥登录' }).isVisible(), false)
  const elsewhere = await Person.arrive(browser, demo.root, {})
  await elsewhere.page.goto('/session/new')
  await elsewhere.page.getByText('通行密钥只能在这个地址上用').waitFor()
  assert.equal(await elsewhere.page.getByRole('link', { name: root }).count(), 1)
  for (const one of [plain, elsewhere]) {
    assert.deepEqual(one.faults, [])
    await one.leave()
  }
})

// Signing in through the account of somebody else: against a real issuer, in a real browser.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openBrowser } from './stage/browser.mjs'
import { freePort, openDemo } from './stage/demo.mjs'
import { issuersFile, openIssuer } from './stage/issuer.mjs'
import { Person } from './stage/person.mjs'

const PATIENCE_MS = 30_000

let folder, demo, issuer, browser

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ziyun-issuer-'))
  const port = await freePort(5000)
  demo = await openDemo({ variables: { ZIYUN_ISSUERS_FILE: await issuersFile(folder, port) } })
  browser = await openBrowser()
  issuer = await openIssuer(port, demo.root, await ahead())
})

after(async () => {
  await browser?.close()
  await issuer?.stop()
  await demo?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** By how many milliseconds the demo's clock is ahead of ours, as its pages tell it. */
async function ahead() {
  const page = await (await fetch(demo.root, { headers: { accept: 'text/html' } })).text()
  return Date.parse(/data-now="([^"]+)"/.exec(page)[1]) - Date.now()
}

/** Signs in at the issuer, whose pages are its own, and lets the platform know. */
async function admit(page, name) {
  const left = page.url()
  const isBack = (url) => url.origin === demo.root && url.href !== left
  const isAsked = (url) => url.origin === issuer.root && url.pathname.startsWith('/interaction/')
  await page.getByRole('link', { name: '继续前往' }).click()
  await page.waitForURL((url) => isBack(url) || isAsked(url))
  // Whoever is signed in there, and has agreed before, is sent back at once.
  if (isBack(new URL(page.url()))) return
  const asked = page.url()
  await page.locator('[name=login]').fill(name)
  await page.locator('[name=password]').fill('anything')
  await page.locator('[type=submit]').click()
  await page.waitForURL((url) => isBack(url) || (isAsked(url) && url.href !== asked))
  if (isBack(new URL(page.url()))) return
  await page.locator('[type=submit]').click()
  await page.waitForURL(isBack)
}

/** Waits for what may take a moment: a message between two servers. */
async function until(holds) {
  const end = Date.now() + PATIENCE_MS
  while (!(await holds())) {
    assert.ok(Date.now() < end, 'it does not come to hold')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

for (const javaScriptEnabled of [true, false]) {
  test(`an account is linked, signs in, is signed out by its issuer and unlinked, scripts: ${javaScriptEnabled}`, { timeout: 180_000 }, async () => {
    const who = demo.accounts.filter(({ role }) => role === 'provider')[javaScriptEnabled ? 0 : 1]
    const name = `lanhe-${javaScriptEnabled}`
    const person = await Person.arrive(browser, demo.root, who, { javaScriptEnabled })
    const { page } = person
    const goOn = async () => {
      if (!javaScriptEnabled) await page.getByRole('button', { name: '继续' }).click()
    }
    await person.signIn()
    await page.goto('/me/linked')
    await page.getByText('这项功能没有开启').waitFor()
    await person.fits()
    await page.goto('/me/consents#linked-sign-in')
    await page.locator('#linked-sign-in').getByRole('button', { name: '同意并开启' }).click()
    await page.goto('/me/linked')
    await page.getByRole('button', { name: /^关联\s*岚河集团账号/ }).click()
    await person.fits()
    await admit(page, name)
    await goOn()
    await page.waitForURL('**/me/linked?done=link-added')
    await person.fits()
    await page.goto('/me')
    await page.locator('details.menu > summary').last().click()
    await page.getByRole('button', { name: '退出登录' }).click()
    await page.waitForURL((url) => url.pathname === '/')

    await page.goto('/session/new?next=/me/linked')
    await person.fits()
    await page.getByRole('button', { name: '岚河集团账号' }).click()
    await admit(page, name)
    await goOn()
    await page.waitForURL('**/me/linked')
    await page.getByText('已关联').first().waitFor()

    // The issuer's own page for signing out: it tells the platform behind the browser's back.
    const there = await person.context.newPage()
    await there.goto(`${issuer.root}/session/end`)
    await there.locator('[name=logout]').first().click()
    await there.waitForURL('**/session/end/success')
    await until(async () => (await (await person.context.request.get('/session', { headers: { accept: 'application/json' } })).json()).signed_in === false)
    await there.close()

    await person.signIn()
    await page.goto('/me/linked')
    await page.getByRole('button', { name: /^解除关联/ }).click()
    await page.getByText('已解除关联').first().waitFor()
    assert.ok(await page.getByRole('link', { name: '它的账号页' }).isVisible(), 'the third party has its own address')
    await person.leave()
  })
}

// The inbox in a real browser: the number in the frame changes while the page stays open, and the page works without scripts.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browser, demo } from './stage/opened.mjs'
import { enter } from './stage/rounds.mjs'

test('an open page learns that all was read in another window', { timeout: 60_000 }, async () => {
  const { context, page } = await enter(browser, demo, 'provider')
  await page.goto('/bids')
  const badge = page.locator('[data-badge="/inbox"]')
  const before = Number(await badge.locator('.count').textContent())
  assert.ok(before > 0, 'the demo has told something')
  const other = await context.newPage()
  await other.goto('/inbox')
  await other.locator('form[action="/inbox/reading"] button').click()
  await other.waitForURL('**/inbox?done=inbox-read-all**')
  await badge.locator('.count').waitFor({ state: 'hidden' })
  assert.match((await badge.getAttribute('aria-label')) ?? '', /0/)
  await other.locator('form[action="/inbox/unreading"] button').click()
  await badge.locator('.count').waitFor({ state: 'visible' })
  assert.equal(Number(await badge.locator('.count').textContent()), before, 'undone')
  await context.close()
})

test('without scripts what is told is read, marked and unmarked', { timeout: 60_000 }, async () => {
  const { context, page } = await enter(browser, demo, 'buyer', { javaScriptEnabled: false })
  await page.goto('/inbox')
  const unread = page.locator('#unread li')
  const before = await unread.count()
  assert.ok(before > 0, 'the demo has told something')
  await unread.first().locator('form[action$="/reading"] button').click()
  await page.waitForURL('**/inbox?done=inbox-read')
  assert.equal(await page.locator('#unread li').count(), before - 1)
  await page.locator('#read li').first().locator('button').click()
  await page.waitForURL('**/inbox?done=inbox-unread')
  assert.equal(await page.locator('#unread li').count(), before)
  await page.goto('/me/notifications')
  await page.locator('input[name=on]').first().click()
  await page.locator('main button[type=submit]').last().click()
  await page.waitForURL('**/me/notifications?done=inbox-chosen')
  await context.close()
})

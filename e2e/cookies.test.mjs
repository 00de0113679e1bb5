// Cookies in a real browser: before a choice, after a switch was pressed, and after a no; with scripts and without.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browser, demo } from './stage/opened.mjs'
import { enter } from './stage/rounds.mjs'

const NECESSARY = ['choice', 'form', 'session']

const names = async (context) => (await context.cookies()).map(({ name }) => name).sort()

for (const javaScriptEnabled of [true, false]) {
  test(`a fresh browser that declines holds only the necessary ones, scripts: ${javaScriptEnabled}`, { timeout: 60_000 }, async () => {
    const { context, page } = await enter(browser, demo, 'visitor', { javaScriptEnabled })
    await page.goto('/notices')
    assert.deepEqual(await names(context), [], 'reading takes none')
    await page.goto('/notices?lang=en')
    assert.deepEqual(await names(context), ['lang'], 'the switch was pressed')
    await page.goto('/cookies')
    await page.locator('button[name=optional][value=no]').click()
    await page.waitForURL('**/cookies?done=cookies-declined')
    await page.goto('/notices?lang=en')
    await page.goto('/registration')
    const held = await names(context)
    assert.deepEqual(held.filter((name) => !NECESSARY.includes(name)), [], `${held}`)
    assert.ok(held.includes('choice'))
    const foreign = await page.evaluate(() => performance.getEntriesByType('resource').filter(({ name }) => !name.startsWith(location.origin)).length)
    assert.equal(foreign, 0, 'nothing comes from anybody else')
    await context.close()
  })
}

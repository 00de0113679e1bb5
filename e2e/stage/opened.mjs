// One demo and one browser for all tests of a file, there once they begin and closed after them.
import { after, before } from 'node:test'
import { openBrowser } from './browser.mjs'
import { openDemo } from './demo.mjs'

export let demo, browser

before(async () => {
  demo = await openDemo()
  browser = await openBrowser()
})

after(async () => {
  await browser?.close()
  await demo?.stop()
})

// A person's whole life here, in a browser: sign-up and agreement, who looked, every additional function refused, a copy
// taken along, cancellation, the certificate verified offline. Afterwards nothing of theirs stands in any file.
import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openBrowser } from './stage/browser.mjs'
import { openDemo } from './stage/demo.mjs'
import { Person } from './stage/person.mjs'

const WHO = {
  company: '晚舟信息技术有限公司',
  creditCode: '91440305MADD272H47',
  sides: ['服务商'],
  phone: '13900139177',
  email: 'wanzhou.lixin@wanzhou.example',
  password: '旧船 新桨 十二盏 灯火',
}

let demo, browser, person

describe('a person’s life', () => {
  before(async () => {
    demo = await openDemo()
    browser = await openBrowser()
    person = await Person.arrive(browser, demo.root, WHO, { acceptDownloads: true })
  })
  after(async () => {
    await browser?.close()
    await demo?.stop()
  })
  test('from the agreement to the certificate', { timeout: 170_000 }, life)
})

async function life() {
  const { page } = person
  await person.register()
  await page.goto('/me/data')
  await page.getByText(WHO.email).first().waitFor()
  await page.goto('/me/accesses')
  await person.fits()
  await refuseAll(page)
  await takeCopy(page)
  // From before they leave: the one that could bring them back.
  const backup = await backUp()
  const link = await leave(page)
  await verify(link)
  await nothingIsLeft(await restore(backup))
  assert.deepEqual(person.faults, [])
}

/** Each function is off from the beginning and stays so: nothing else is needed to refuse it. */
async function refuseAll(page) {
  await page.goto('/me/consents')
  await page.getByText('已关闭').first().waitFor()
  await person.fits()
  const answer = await page.request.get('/me/consents', { headers: { accept: 'application/json' } })
  const { functions } = await answer.json()
  assert.ok(functions.length >= 2 && functions.every((one) => !one.is_on), JSON.stringify(functions))
}

async function takeCopy(page) {
  await page.goto('/me/export')
  await page.locator('[name=current]').fill(WHO.password)
  await page.getByRole('button', { name: '申请导出' }).click()
  const take = page.getByRole('button', { name: '下载（只有一次）' })
  const end = Date.now() + 20_000
  while ((await take.count()) === 0 && Date.now() < end) await page.goto('/me/export')
  const [copy] = await Promise.all([page.waitForEvent('download'), take.click()])
  const file = join(demo.folder, '..', 'copy.zip')
  await copy.saveAs(file)
  const { stdout } = await demo.run(['verify', file])
  assert.equal(JSON.parse(stdout).ok, true)
}

async function leave(page) {
  await page.goto('/me/cancellation')
  await person.fits()
  await page.locator('[name=password]').fill(WHO.password)
  await page.getByRole('button', { name: '申请注销我的账号' }).click()
  const link = await page.getByRole('link', { name: '查看进度' }).getAttribute('href')
  for (let day = 0; day < 8; day++) {
    await page.goto('/demo/clock')
    await page.locator('main button[value=day]').first().click()
    await page.waitForURL('**/demo/clock?done=*')
  }
  await page.goto(link)
  await page.getByText('注销证明').first().waitFor()
  await person.fits()
  return link
}

async function verify(link) {
  const certificate = await person.page.request.get(`${link}/certificate`, { headers: { accept: 'application/json' } })
  const key = await person.page.request.get('/log/key')
  const [file, pub] = ['certificate.json', 'log.pub'].map((name) => join(demo.folder, '..', name))
  await writeFile(file, await certificate.text())
  await writeFile(pub, await key.text())
  const { stdout } = await demo.run(['verify', '--key', pub, file])
  assert.equal(JSON.parse(stdout).kind, 'cancellation')
}

const at = (root) => ['data', 'key', 'node'].flatMap((one) => [`--${one}-dir`, join(root, one === 'key' ? 'keys' : one)])

async function backUp() {
  const backup = join(demo.folder, '..', 'backup')
  await mkdir(backup)
  const taken = ['--to', join(backup, 'data'), '--keys-to', join(backup, 'keys')]
  await demo.run(['backup', ...taken, ...at(demo.folder)], demo.folder)
  return backup
}

/** Data and keys from before the erasure: the journal does it again. */
async function restore(backup) {
  const restored = join(demo.folder, '..', 'restored')
  await mkdir(restored)
  const [data, keys] = await Promise.all([folderIn(join(backup, 'data')), folderIn(join(backup, 'keys'))])
  const apart = ['--root-key-file', join(demo.folder, 'keys', 'root.key'), '--tombstone-journal', await journal()]
  const from = ['restore', '--from', data, '--keys-from', keys]
  const { stdout } = await demo.run([...from, ...at(restored), ...apart], restored)
  assert.match(stdout, /erased again: \d; keys of erased persons destroyed: \d/)
  return [backup, restored]
}

/** Neither in the stores, nor in a back-up of them, nor where it was restored. The outbox is what has left the house. */
async function nothingIsLeft(copies) {
  const values = [WHO.email, WHO.phone, WHO.email.split('@')[0]]
  // What is searched for can be found: the letters that were sent have it.
  assert.ok((await hits([join(demo.folder, 'outbox')], values)).length > 0)
  const stores = ['data', 'keys', 'node'].map((one) => join(demo.folder, one))
  assert.deepEqual(await hits([...stores, ...copies], values), [])
}

/** The files below these folders that hold one of these values. */
async function hits(folders, values) {
  const found = []
  for (const folder of folders) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const path = join(entry.parentPath ?? entry.path, entry.name)
      const bytes = await readFile(path)
      found.push(...values.filter((value) => bytes.includes(value)).map((value) => `${value} in ${path}`))
    }
  }
  return found
}

async function folderIn(folder) {
  const entries = await readdir(folder, { withFileTypes: true })
  return join(folder, entries.find((entry) => entry.isDirectory()).name)
}

async function journal() {
  for (const entry of await readdir(demo.folder, { recursive: true, withFileTypes: true })) {
    if (entry.name === 'tombstones.jsonl') return join(entry.parentPath ?? entry.path, entry.name)
  }
  throw new Error('there is no journal of tombstones')
}

// A contact of a provider: named by the company, asked by a link, agrees at the public door, sees who looked, withdraws.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openContext } from './stage/browser.mjs'
import { browser, demo } from './stage/opened.mjs'
import { Person } from './stage/person.mjs'
import { enter } from './stage/rounds.mjs'

const PHONE = '13800138077'
const NAME = '闻人砚'

/** Somebody without an account, at a browser of their own. */
async function nobody() {
  const { context, faults, expected } = await openContext(browser, demo.root)
  return Object.assign(new Person(), { who: {}, context, faults, expected, page: await context.newPage() })
}

test('a contact agrees, sees a showing, withdraws and vanishes', { timeout: 180_000 }, async () => {
  const provider = await enter(browser, demo, 'provider')
  await provider.page.goto('/company')
  await provider.page.getByRole('link', { name: '联系人', exact: true }).click()
  await provider.page.getByLabel('标签').fill('夜间值守')
  await provider.page.getByLabel('姓名').fill(NAME)
  await provider.page.getByLabel('手机号').fill(PHONE)
  await provider.page.getByRole('checkbox', { name: '此人已满十八周岁' }).check()
  await provider.page.getByRole('checkbox', { name: '我代表公司确认' }).check()
  await provider.fits()
  await provider.page.getByRole('button', { name: '录入并请本人决定' }).click()
  await provider.page.getByText('已录入，本人会收到链接').waitFor()
  assert.ok(!(await provider.told()).join().includes(NAME), 'the company does not read it again')
  const company = await provider.page.evaluate(async () => {
    const answer = await fetch('/company', { headers: { accept: 'application/json' } })
    return (await answer.json()).company.id
  })

  const contact = await nobody()
  await contact.page.goto('/')
  await contact.page.getByRole('link', { name: '没有账号，查我的信息' }).click()
  await contact.page.getByLabel('手机号或邮箱').fill(PHONE)
  await contact.fits()
  await contact.page.getByRole('button', { name: '获取验证码' }).click()
  await contact.page.waitForURL('**/privacy/door/visits/*')
  await contact.page.getByLabel('验证码', { exact: true }).fill(await contact.code(PHONE))
  await contact.fits()
  await contact.page.getByRole('button', { name: '继续' }).click()
  await contact.page.getByRole('button', { name: '这是我，查看' }).waitFor()
  assert.ok(!(await contact.told()).join().includes(NAME), 'nothing is shown before')
  await contact.fits()
  await contact.page.getByRole('button', { name: '这是我，查看' }).click()
  await contact.page.waitForURL('**/privacy/door/visit')
  await contact.fits()
  await contact.page.getByRole('link', { name: '附加功能' }).click()
  await contact.page.getByRole('button', { name: '同意并开启' }).click()
  await contact.page.getByText('已开启').first().waitFor()
  await contact.fits()

  const buyer = await enter(browser, demo, 'buyer')
  await buyer.page.goto(`/companies/${company}/contacts`)
  await buyer.page.getByText('2 位联系人').waitFor()
  await buyer.fits()
  await buyer.page.getByRole('button', { name: '显示' }).click()
  await buyer.page.getByRole('heading', { name: NAME }).waitFor()
  await buyer.fits()

  await contact.page.goto('/me/accesses')
  assert.match((await contact.told()).join(), /澜沚精密制造有限公司.*需求方成员/)
  await contact.page.goto('/me/consents')
  await contact.page.getByRole('button', { name: '撤回同意，关闭' }).click()
  await contact.page.getByText('已关闭').first().waitFor()
  await buyer.page.goto(`/companies/${company}/contacts`)
  await buyer.page.getByText('1 位联系人').waitFor()
  for (const person of [provider, contact, buyer]) {
    assert.deepEqual(person.faults, [])
    await person.leave()
  }
})

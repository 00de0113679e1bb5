// Two companies: one asks for contact on the other's page, they write to each other, a person shares how to reach them and takes it
// back.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browser, demo } from './stage/opened.mjs'
import { Person } from './stage/person.mjs'

const BUYER = 'caigou@chengpu.example'
const PROVIDERS = [
  { email: 'toubiao@qimu.example', company: '栖木软件技术有限公司' },
  { email: 'toubiao@yuanxiu.example', company: '远岫数据服务有限公司' },
]
const NAME = '闻人砚'
const PHONE = '13800138078'

async function enter(email, options) {
  const account = demo.accounts.find((one) => one.email === email)
  const person = await Person.arrive(browser, demo.root, account, options)
  await person.signIn()
  return person
}

for (const [turn, javaScriptEnabled] of [true, false].entries()) {
  const how = javaScriptEnabled ? 'with script' : 'without script'
  test(`${how}: asked, accepted, written, shared after a preview, and taken back`, { timeout: 180_000 }, async () => {
    const { email, company } = PROVIDERS[turn]
    const buyer = await enter(BUYER, { javaScriptEnabled })
    await buyer.page.goto('/providers')
    await buyer.page.getByRole('link', { name: company }).click()
    await buyer.page.getByRole('link', { name: '请求联系' }).click()
    await buyer.page.getByLabel('内容').fill('想了解贵公司的驻场维保服务，盼复。')
    await buyer.fits()
    await buyer.page.getByRole('button', { name: '发送联系请求' }).click()
    await buyer.page.getByText('联系请求已发送').waitFor()
    await buyer.fits()

    const provider = await enter(email, { javaScriptEnabled, width: 390, height: 844 })
    await provider.page.goto('/contact-requests')
    await provider.fits()
    await provider.page.locator('main').getByRole('link', { name: '澄浦食品机械有限公司' }).click()
    await provider.page.getByText('驻场维保').waitFor()
    await provider.fits()
    await provider.page.getByRole('button', { name: '接受并开始会话' }).click()
    await provider.page.getByText('已接受，会话开始').waitFor()
    const thread = new URL(provider.page.url()).pathname

    await buyer.page.goto(thread)
    await buyer.page.getByLabel('内容').fill('请报一个驻场两人的方案。')
    await buyer.page.getByRole('button', { name: '发送消息' }).click()
    await buyer.page.getByText('消息已发送').waitFor()
    await buyer.fits()

    await provider.page.goto(thread)
    await provider.page.getByText('请报一个驻场两人的方案。').waitFor()
    await provider.fits()
    await provider.page.getByRole('link', { name: '分享我的联系方式' }).click()
    await provider.page.getByLabel('姓名').fill(NAME)
    await provider.page.getByLabel('手机号').fill(PHONE)
    await provider.fits()
    await provider.page.getByRole('button', { name: '预览' }).click()
    await provider.page.getByRole('heading', { name: '对方将看到' }).waitFor()
    await provider.page.getByText(PHONE).waitFor()
    await provider.fits()
    await buyer.page.goto(thread)
    await buyer.page.getByText('对方还没有分享联系方式').waitFor()
    await provider.page.getByRole('button', { name: '分享给对方' }).click()
    await provider.page.getByText('已分享，对方现在看得到').waitFor()
    await provider.fits()

    await buyer.page.goto(thread)
    assert.ok(!(await buyer.page.content()).includes(PHONE), 'the page tells that there is something, and not what')
    await buyer.page.getByRole('button', { name: '查看' }).click()
    await buyer.page.getByText(PHONE).first().waitFor()
    await buyer.fits()
    await provider.page.goto('/me/accesses')
    assert.match((await provider.told()).join(), /澄浦食品机械有限公司.*会话的对方/)

    await provider.page.goto(`${thread}/sharing`)
    await provider.page.getByRole('button', { name: '收回' }).click()
    await provider.page.getByText('已收回，对方不再看到').waitFor()
    await buyer.page.goto(thread)
    await buyer.page.getByText('对方还没有分享联系方式').waitFor()
    for (const person of [buyer, provider]) {
      assert.deepEqual(person.faults, [])
      await person.leave()
    }
  })
}

// A buyer says what it needs, a provider asks and answers with interest, the buyer makes a tender of it and types nothing twice.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browser, demo } from './stage/opened.mjs'
import { Person } from './stage/person.mjs'

const BUYER = 'caigou@lanzhi.example'
const PROVIDER = 'toubiao@qimu.example'
const SUMMARY = '两座厂房屋顶约一万二千平方米，希望评估光伏的装机、收益和结构加固，先听方案再决定。'

async function enter(email, options) {
  const account = demo.accounts.find((one) => one.email === email)
  const person = await Person.arrive(browser, demo.root, account, options)
  await person.signIn()
  return person
}

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with script' : 'without script'
  const title = `厂房屋顶光伏评估（${how}）`
  test(`${how}: a demand is published, answered, and becomes a tender`, { timeout: 180_000 }, async () => {
    const buyer = await enter(BUYER, { javaScriptEnabled })
    const { page } = buyer
    await page.goto('/demands/own')
    await page.getByRole('link', { name: '起草需求' }).first().click()
    await page.getByLabel('需求名称').fill(title)
    await page.getByLabel('类别').selectOption('other')
    await page.getByLabel('区域').selectOption('33')
    await page.getByLabel('需求说明').fill(SUMMARY)
    await page.getByLabel('预算', { exact: false }).first().fill('680000')
    await page.getByLabel('期望日期').fill('2099-06-30')
    await buyer.fits()
    await page.getByRole('button', { name: '保存草稿' }).click()
    await page.getByRole('link', { name: '核对并发布' }).click()
    await buyer.fits()
    await page.getByRole('button', { name: '发布需求' }).click()
    await page.getByText('需求已发布').first().waitFor()
    const path = new URL(page.url()).pathname
    await buyer.fits()

    const provider = await enter(PROVIDER, { javaScriptEnabled, width: 390, height: 844 })
    await provider.page.goto('/demands?region=33')
    await provider.page.locator('main').getByRole('link', { name: title }).click()
    assert.ok(!(await provider.page.content()).includes('680,000'), 'the budget is not shown')
    await provider.fits()
    await provider.page.getByRole('link', { name: '提交意向' }).click()
    await provider.page.getByLabel('意向说明').fill('可先做一周现场勘测，再给出两种装机方案。')
    await provider.page.getByLabel('参考价格').fill('12000.50')
    await provider.fits()
    await provider.page.getByRole('button', { name: '提交意向' }).click()
    await provider.page.getByText('意向已提交').waitFor()
    await provider.page.getByText('可先做一周现场勘测').waitFor()
    await provider.fits()
    assert.deepEqual(provider.faults, [])
    await provider.leave()

    await page.goto(path)
    await page.locator('#interests').getByText('可先做一周现场勘测').waitFor()
    await buyer.fits()
    await page.getByRole('button', { name: '转为招标' }).click()
    await page.getByText('招标草稿已建立').waitFor()
    await page.getByRole('heading', { name: title }).waitFor()
    await page.getByText(SUMMARY).waitFor()
    await page.getByText('期望完成日期：2099-06-30').waitFor()
    await page.goto(path)
    await page.getByText('已转为招标').first().waitFor()
    await buyer.fits()
    assert.deepEqual(buyer.faults, [])
    await buyer.leave()
  })
}

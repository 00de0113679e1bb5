// Somebody at a browser of their own, who does with the pages what people do with them.
import { openContext, tooWide } from './browser.mjs'

const LETTER_MS = 20_000

export class Person {
  /** `who`: `{phone, email, password, company, creditCode, sides}`; of an operator only `email` and `password`. */
  static async arrive(browser, root, who, options) {
    const { context, faults, expected } = await openContext(browser, root, options)
    return Object.assign(new Person(), { who, context, faults, expected, page: await context.newPage() })
  }

  async leave() {
    await this.context.close()
  }

  /** Registration, both codes from the mailbox; signed in afterwards, the company not yet approved. */
  async register() {
    const { page, who } = this
    await page.goto('/')
    await page.getByRole('link', { name: '代表公司注册' }).click()
    await page.getByLabel('公司名称').fill(who.company)
    await page.getByLabel('统一社会信用代码').fill(who.creditCode)
    for (const side of who.sides) await page.getByRole('checkbox', { name: side }).check()
    await this.apply()
  }

  /** What the registration form asks of the person, and both codes; signed in afterwards. */
  async apply() {
    const { page, who } = this
    await page.getByLabel('手机号').fill(who.phone)
    await page.getByLabel('联系邮箱').fill(who.email)
    await page.getByLabel('密码', { exact: true }).fill(who.password)
    await page.getByRole('checkbox', { name: '我已年满18周岁' }).check()
    await page.getByRole('checkbox', { name: '我已读懂并同意隐私政策' }).check()
    await this.fits()
    await page.getByRole('button', { name: '同意并获取验证码' }).click()
    await page.waitForURL('**/registrations/*')
    const [phoneCode, emailCode] = [await this.code(who.phone), await this.code(who.email)]
    await page.getByLabel('短信验证码').fill(phoneCode)
    await page.getByLabel('邮件验证码').fill(emailCode)
    await this.fits()
    await page.getByRole('button', { name: '完成注册' }).click()
    await page.getByText('注册完成，你已登录').waitFor()
  }

  async signIn() {
    const { page, who } = this
    await page.goto('/session/new')
    // By the fields' names: the page may be in either language.
    await page.locator('[name=account]').fill(who.email)
    await page.locator('[name=password]').fill(who.password)
    // Other ways to sign in stand below.
    await page.locator('main form [type=submit]').first().click()
    await page.waitForURL((url) => !url.pathname.startsWith('/session'))
  }

  /** Opens one of the places that the frame offers at this width. */
  async go(place) {
    await this.page.getByRole('navigation', { name: '主要位置' }).getByRole('link', { name: place, exact: true }).click()
  }

  /** The newest code that was sent to a number or an address, from the demo's mailbox in a second tab. */
  async code(to) {
    const tab = await this.context.newPage()
    const letters = tab.getByRole('main').getByRole('link').filter({ hasText: to })
    const letter = letters.filter({ hasText: /验证码|code/i }).first()
    const end = Date.now() + LETTER_MS
    // Messages leave as jobs, a moment after the page that caused them.
    do await tab.goto('/demo/mailbox')
    while ((await letter.count()) === 0 && Date.now() < end)
    await letter.click()
    await tab.getByRole('article').getByText(to).waitFor()
    const text = await tab.locator('.code-big').innerText()
    await tab.close()
    return text.match(/\d{6}/)[0]
  }

  /** The path of the newest invitation to an address, from the demo's mailbox. */
  async link(to) {
    const end = Date.now() + LETTER_MS
    for (;;) {
      const answer = await this.page.request.get('/demo/mailbox', { headers: { accept: 'application/json' } })
      const found = JSON.stringify(await answer.json()).split(to).slice(1).join('').match(/\/invitations\/[\w-]+/)
      if (found) return found[0]
      if (Date.now() > end) throw new Error(`no invitation came for ${to}`)
    }
  }

  /** Fails the test when the page is wider than a phone or than a desktop screen. */
  async fits() {
    for (const width of [390, 1440]) {
      const culprits = await tooWide(this.page, width)
      if (culprits.length) throw new Error(`${this.page.url()} is wider than ${width} px: ${culprits.join('\n')}`)
    }
  }

  /** Everything that the page tells, as an array of lines, without what changes with the minute. */
  told() {
    return this.page.getByRole('main').evaluate((main) => {
      const told = main.cloneNode(true)
      for (const part of told.querySelectorAll('.count-down, .due small, time.clock')) part.remove()
      return told.textContent.split('\n').map((line) => line.trim()).filter(Boolean)
    })
  }
}

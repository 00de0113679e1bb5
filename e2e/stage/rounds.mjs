// Where each role looks: an address, or an address and patterns for links to follow from there.
import assert from 'node:assert/strict'
import { openContext } from './browser.mjs'
import { Person } from './person.mjs'

/** A UUID: one tender, one lot. */
const ID = '[0-9a-f-]{36}'
const tender = new RegExp(`^/tenders/${ID}$`)
const draft = new RegExp(`^/tenders/${ID}/draft$`)
const bidForm = new RegExp(`^/lots/${ID}/bids/new$`)
const consortium = new RegExp(`^/consortia/${ID}$`)
const negotiation = new RegExp(`^/lots/${ID}/negotiation$`)

export const ROUNDS = {
  visitor: [
    ['/'],
    ['/notices'],
    ['/notices?words=%E6%99%BA%E6%85%A7&region=33'],
    ['/notices?words=zzzz'],
    ['/notices', /^\/notices\/[^/?]+$/],
    ['/ocds'],
    ['/opportunities'],
    ['/opportunities', tender],
    ['/demands'],
    ['/demands?category=it&region=33'],
    ['/demands?words=zzzz'],
    ['/demands', new RegExp(`^/demands/${ID}$`)],
    ['/qualified-lists'],
    ['/qualified-lists', new RegExp(`^/qualified-lists/${ID}$`)],
    ['/providers'],
    ['/providers?category=it&region=33'],
    ['/providers?words=zzzz'],
    ['/providers', new RegExp(`^/providers/${ID}$`)],
    ['/session/new'],
    ['/registration'],
    ['/guardian'],
    ['/privacy/door'],
    ['/password-reset'],
    ['/policy'],
    ['/cookies'],
    ['/agreements'],
    ['/agreements/service'],
    ['/agreements/rules'],
    ['/announcements'],
    ['/policy/versions'],
    ['/policy/versions', /^\/policy\/versions\/[^/?]+$/],
    ['/trust'],
    ['/log'],
    ['/styles'],
    ['/demo'],
    ['/demo/mailbox'],
    ['/demo/clock'],
  ],
  provider: [
    ['/'],
    ['/bids'],
    ['/inquiries'],
    ['/consortia'],
    ['/', consortium],
    ['/', consortium, tender, bidForm, new RegExp(`^/lots/${ID}/consortia/new$`)],
    // Final offers are invited for one lot; the other is still talked about.
    ['/', negotiation],
    ['/', negotiation, tender, negotiation],
    ['/extensions'],
    ['/bids', new RegExp(`^/bids/${ID}$`)],
    ['/bids', new RegExp(`^/bids/${ID}$`), new RegExp(`^/tenders/${ID}/opening$`)],
    ['/interests'],
    ['/interests', new RegExp(`^/demands/${ID}$`)],
    ['/interests', new RegExp(`^/demands/${ID}$`), new RegExp(`^/demands/${ID}/interest$`)],
    ['/qualified-applications'],
    ['/qualified-applications', new RegExp(`^/qualified-applications/${ID}$`)],
    ['/qualified-lists', new RegExp(`^/qualified-lists/${ID}$`), new RegExp(`^/qualified-lists/${ID}/application$`)],
    ['/opportunities'],
    ['/opportunities', tender],
    // The nearest deadline is that of a tender that takes consortia and asks for papers: checklist and library have content.
    ['/opportunities', tender, bidForm],
    ['/opportunities', tender, bidForm, new RegExp(`^/lots/${ID}/draft$`)],
    ['/company'],
    ['/company/verification'],
    ['/company/verification/company'],
    ['/company/verification/legal-representative'],
    ['/company/verification/authorised-bidder'],
    ['/company/identity'],
    ['/company/representative'],
    ['/company/addresses'],
    ['/company/permits'],
    ['/company/library'],
    ['/company/library', new RegExp(`^/company/library/${ID}$`)],
    ['/company/group'],
    ['/company/bank'],
    ['/company/data-region'],
    ['/company/history'],
    ['/company/readings'],
    ['/company/assessments'],
    ['/company/profile'],
    ['/me'],
    ['/me/data'],
    ['/me/contact'],
    ['/me/security'],
    ['/me/opening-key'],
    ['/me/linked'],
    ['/me/step-up'],
    ['/me/export'],
    ['/me/complaints'],
    ['/me/leak'],
    ['/me/consents'],
    ['/me/accesses'],
    ['/me/cancellation'],
    ['/inbox'],
    ['/me/notifications'],
    ['/me/digest'],
    ['/me/subscription'],
    ['/me/searches'],
    ['/me/searches/new?region=36'],
    ['/me/agreements'],
    ['/company/agreements'],
    ['/company/contacts'],
    ['/threads'],
    ['/threads', new RegExp(`^/threads/${ID}$`)],
    ['/threads', new RegExp(`^/threads/${ID}$`), new RegExp(`^/threads/${ID}/sharing$`)],
    ['/threads', new RegExp(`^/threads/${ID}$`), new RegExp(`^/threads/${ID}/address$`)],
    ['/threads', new RegExp(`^/threads/${ID}$`), new RegExp(`^/threads/${ID}/report$`)],
    ['/contact-requests'],
    ['/contact-requests', new RegExp(`^/contact-requests/${ID}$`)],
    ['/policy/renewal'],
    ['/me/use'],
    ['/bids', new RegExp(`^/bids/${ID}$`), tender, new RegExp(`^/lots/${ID}/candidates$`)],
    ['/bids', new RegExp(`^/bids/${ID}$`), tender, new RegExp(`^/lots/${ID}/candidates$`), new RegExp(`^/lots/${ID}/objections/new$`)],
    ['/bids', new RegExp(`^/bids/${ID}$`), tender, new RegExp(`^/lots/${ID}/letter$`)],
    ['/bids', new RegExp(`^/bids/${ID}$`), tender, new RegExp(`^/lots/${ID}/auction$`)],
    ['/bids', new RegExp(`^/bids/${ID}$`), tender, new RegExp(`^/tenders/${ID}/archive$`)],
  ],
  buyer: [
    ['/'],
    ['/company/verification/demand-side'],
    ['/providers', new RegExp(`^/providers/${ID}$`), new RegExp(`^/companies/${ID}/contacts$`)],
    ['/threads', new RegExp(`^/threads/${ID}$`)],
    ['/demands/own'],
    ['/demands/new'],
    ['/demands/own', new RegExp(`^/demands/${ID}$`)],
    ['/demands/own', new RegExp(`^/demands/${ID}$`), new RegExp(`^/demands/${ID}/change$`)],
    ['/demands/own', new RegExp(`^/demands/${ID}/draft$`)],
    ['/demands/own', new RegExp(`^/demands/${ID}/draft$`), new RegExp(`^/demands/${ID}/edit$`)],
    ['/demands/own', new RegExp(`^/demands/${ID}/draft$`), new RegExp(`^/demands/${ID}/publication$`)],
    ['/qualified-lists/own'],
    ['/qualified-lists/new'],
    ['/qualified-lists/own', new RegExp(`^/qualified-lists/${ID}$`)],
    ['/qualified-lists/own', new RegExp(`^/qualified-lists/${ID}$`), tender],
    ['/qualified-lists/own', new RegExp(`^/qualified-lists/${ID}$`), new RegExp(`^/qualified-lists/${ID}/applications$`)],
    ['/qualified-lists/own', new RegExp(`^/qualified-lists/${ID}$`), new RegExp(`^/qualified-lists/${ID}/applications$`), new RegExp(`^/qualified-applications/${ID}$`)],
    ['/tenders'],
    ['/tenders/new'],
    ['/tenders', tender],
    ['/tenders', tender, new RegExp(`^/tenders/${ID}/archive$`)],
    ['/opportunities', tender, new RegExp(`^/tenders/${ID}/invitation$`)],
    ['/', negotiation],
    ['/opportunities', tender, new RegExp(`^/tenders/${ID}/amendment$`)],
    ['/opportunities', tender, new RegExp(`^/tenders/${ID}/termination$`)],
    ['/', new RegExp(`^/tenders/${ID}$`), new RegExp(`^/lots/${ID}/award$`)],
    ['/', new RegExp(`^/tenders/${ID}$`), new RegExp(`^/tenders/${ID}/award-contact$`)],
    ['/evaluations'],
    ['/evaluations', new RegExp(`^/lots/${ID}/scores$`)],
    ['/evaluations', new RegExp(`^/lots/${ID}/scores$`), new RegExp(`^/lots/${ID}/draw$`)],
    ['/', /^\/tenders\/[0-9a-f-]{36}$/, new RegExp(`^/lots/${ID}/committee$`)],
    ['/', new RegExp(`^/tenders/${ID}$`), new RegExp(`^/lots/${ID}/candidates$`)],
    ['/tenders', tender, new RegExp(`^/lots/${ID}/candidates$`), new RegExp(`^/objections/${ID}$`)],
    ['/tenders', draft],
    ['/tenders', draft, new RegExp(`^/tenders/${ID}/edit$`)],
    ['/tenders', draft, new RegExp(`^/tenders/${ID}/criteria$`)],
    ['/tenders', draft, new RegExp(`^/tenders/${ID}/auction$`)],
    ['/tenders', draft, new RegExp(`^/tenders/${ID}/publication$`)],
    ['/company/people'],
    ['/company/imports'],
    ['/company/imports', new RegExp(`^/company/imports/${ID}$`)],
    ['/company/mandates'],
    ['/company/mandates', new RegExp(`^/company/mandates/${ID}$`)],
    ['/company/substitutions'],
    ['/company/substitutions', new RegExp(`^/company/substitutions/${ID}$`)],
    ['/company/approvals'],
    ['/company/approvals', new RegExp(`^/company/approvals/${ID}$`)],
    ['/company/approval-rules'],
    ['/company/approval-rules/publish'],
    ['/company/leaving'],
    ['/company/closing'],
    ['/company/people', new RegExp(`^/company/people/${ID}$`)],
    ['/company/webhooks'],
    ['/company/webhooks', new RegExp(`^/company/webhooks/${ID}$`)],
  ],
  operator: [
    ['/'],
    ['/desk/privacy/cases'],
    ['/desk/company-lists'],
    ['/desk/company-lists', new RegExp(`^/desk/company-lists/${ID}$`)],
    ['/operator/companies'],
    ['/desk/verifications'],
    ['/desk/verifications', new RegExp(`^/desk/verifications/${ID}$`)],
    ['/desk/verification-samples'],
    ['/desk/privacy'],
    ['/desk/privacy/records'],
    ['/operator/companies', new RegExp(`^/operator/companies/${ID}$`)],
    ['/operator/companies?state=approved', new RegExp(`^/operator/companies/${ID}$`)],
    ['/operator/companies?state=refused'],
    ['/desk/privacy/drills'],
    ['/desk/policies'],
    ['/desk/uses'],
    ['/desk/privacy/assessments'],
    ['/desk/privacy/processors'],
    ['/desk/privacy/orders'],
    ['/desk/agreements'],
    ['/desk/reports'],
    ['/desk/objections'],
    ['/desk/qualified-objections'],
    ['/desk/exceptions'],
    ['/desk/exceptions/new'],
    ['/opportunities', tender],
    ['/desk/operators'],
    ['/desk/operators', new RegExp(`^/desk/operators/${ID}$`)],
    ['/desk/jobs'],
    ['/desk/figures'],
    ['/desk/risk'],
    ['/desk/red-flags'],
    ['/desk/risk', new RegExp(`^/desk/risk/${ID}$`)],
    ['/desk/histories'],
    ['/desk/histories?words=91330106MAAY4CL12W', new RegExp(`^/desk/histories/${ID}$`)],
    ['/desk/announcements'],
  ],
  auditor: [
    ['/'],
    ['/desk/audit'],
    ['/desk/audit/histories'],
    ['/desk/audit/histories?words=91330106MAAY4CL12W', new RegExp(`^/desk/audit/histories/${ID}$`)],
  ],
}

/** Forms that are also sent empty, for what they refuse; nothing is written by that. */
export const REFUSED = {
  visitor: [['/session/new'], ['/registration'], ['/password-reset']],
  provider: [['/opportunities', tender, bidForm], ['/me']],
  buyer: [['/company/people'], ['/company/webhooks'], ['/tenders/new'], ['/demands/new'], ['/', tender, new RegExp(`^/lots/${ID}/award$`)]],
  operator: [['/operator/companies', new RegExp(`^/operator/companies/${ID}$`)]],
}

/** Somebody of this role at a browser of their own; whoever has an account is signed in. */
export async function enter(browser, demo, role, options) {
  const account = demo.accounts.find((account) => account.role === role)
  if (account) {
    const person = await Person.arrive(browser, demo.root, account, options)
    await person.signIn()
    return person
  }
  const { context, faults, expected } = await openContext(browser, demo.root, options)
  return { context, faults, expected, page: await context.newPage() }
}

/** From a page along the first links that fit and lead on; a page that does not lead on is passed over for the next. */
export async function walk(page, [start, ...links]) {
  await page.goto(start)
  if (await follow(page, links)) return
  assert.fail(`${start} does not lead along ${links.join(' → ')}`)
}

async function follow(page, [wanted, ...rest]) {
  if (!wanted) return true
  const paths = await page.evaluate(() => [...document.querySelectorAll('main a')].map((a) => a.pathname))
  for (const path of new Set(paths.filter((path) => wanted.test(path)))) {
    await page.goto(path)
    if (await follow(page, rest)) return true
  }
  return false
}

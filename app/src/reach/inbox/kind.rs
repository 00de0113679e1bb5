//! The kinds of notification, as data: what they are about, whether they are needed, for how long one stands for all that
//! follow, by which ways they go, where they lead. Their words are `inbox-KIND` in the inbox, and `letter-KIND-subject` and
//! `letter-KIND` in a mail.

use super::channel::Channel;
use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::Serialize;

/// A kind of notification.
#[derive(Debug)]
pub struct Kind {
    /// Its code, kept in rows.
    pub code: &'static str,
    /// What it is about.
    pub about: About,
    /// Whether it can be switched off.
    pub need: Need,
    /// Within so long after the first, more of this kind about the same thing are counted with it and sent no more.
    pub window: SignedDuration,
    /// Where it leads; `{id}` stands for the id of what it is about.
    pub path: &'static str,
}

/// What a kind is about; also the groups that an inbox is filtered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "InboxAbout")]
pub enum About {
    /// A tender.
    Tender,
    /// A demand.
    Demand,
    /// A qualified list.
    Qualified,
    /// The person's company.
    Company,
    /// A contact request or a thread of the person's company with another.
    Conversation,
    /// A public notice that the person has subscribed to.
    Notice,
    /// The person's own account and data.
    Account,
    /// The platform's policy and agreements.
    Rules,
}

/// Whether a kind can be switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Business, safety or the law cannot do without it: in the inbox and by mail, always (clause 4.1); by other ways too, if
    /// the person wants.
    Needed,
    /// As the person wants; by mail unless they say otherwise.
    Wanted,
    /// As the person wants; by mail only if they say so. The opening of an address stays on record, and a job shows in the
    /// figures: what comes by itself may tell nobody who has bid, nor a question from a bid.
    InboxFirst,
    /// In the inbox only: before the opening no record may tell who has bid or asked.
    InboxOnly,
    /// What the person has subscribed to, under a consent of its own: by mail only if they say so, and by no short message.
    Chosen,
}

impl About {
    /// All of them, in the order in which a page lists them.
    pub const ALL: [Self; 8] = [
        Self::Tender,
        Self::Demand,
        Self::Qualified,
        Self::Company,
        Self::Conversation,
        Self::Notice,
        Self::Account,
        Self::Rules,
    ];

    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Tender => "tender",
            Self::Demand => "demand",
            Self::Qualified => "qualified",
            Self::Company => "company",
            Self::Conversation => "conversation",
            Self::Notice => "notice",
            Self::Account => "account",
            Self::Rules => "rules",
        }
    }

    /// Key of its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Tender => "inbox-about-tender",
            Self::Demand => "inbox-about-demand",
            Self::Qualified => "inbox-about-qualified",
            Self::Company => "inbox-about-company",
            Self::Conversation => "inbox-about-conversation",
            Self::Notice => "inbox-about-notice",
            Self::Account => "inbox-about-account",
            Self::Rules => "inbox-about-rules",
        }
    }

    /// Its icon.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Tender => "tender",
            Self::Demand => "list",
            Self::Qualified => "check",
            Self::Company => "company",
            Self::Conversation => "mail",
            Self::Notice => "notice",
            Self::Account => "key",
            Self::Rules => "policy",
        }
    }
}

impl Kind {
    /// The kind of this code.
    pub fn of(code: &str) -> Option<&'static Self> {
        ALL.iter().copied().find(|kind| kind.code == code)
    }

    /// Whether it goes by this way while nobody has said anything.
    pub fn is_on(&self, channel: Channel) -> bool {
        match channel {
            Channel::Inbox => true,
            Channel::Mail => matches!(self.need, Need::Needed | Need::Wanted),
            Channel::Sms | Channel::Push => false,
        }
    }

    /// Whether a person may switch it on and off for this way.
    pub fn is_free(&self, channel: Channel) -> bool {
        match self.need {
            Need::Needed => matches!(channel, Channel::Sms | Channel::Push),
            Need::Wanted | Need::InboxFirst => true,
            Need::InboxOnly => channel == Channel::Inbox,
            Need::Chosen => channel != Channel::Sms,
        }
    }

    /// Where one leads that is about this.
    pub fn path(&self, about: [u8; 16]) -> String {
        self.path.replace("{id}", &kit::id::Id::<()>::from_bytes(about).to_string())
    }
}

const AT_ONCE: SignedDuration = SignedDuration::ZERO;
const AN_HOUR: SignedDuration = SignedDuration::from_hours(1);
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $about:ident, $need:ident, $window:expr, $path:literal;)*) => {
        $($(#[$doc])* pub static $name: Kind =
            Kind { code: $code, about: About::$about, need: Need::$need, window: $window, path: $path };)*
        /// All kinds, in the order in which a page lists them.
        pub static ALL: &[&Kind] = &[$(&$name),*];
    };
}

kinds! {
    /// A question about a tender of the reader's company.
    QUESTION_ASKED = "question-asked", Tender, InboxFirst, AN_HOUR, "/tenders/{id}#questions";
    /// An answer about a tender that the reader's company has bid for or asked about.
    QUESTION_ANSWERED = "question-answered", Tender, InboxOnly, AN_HOUR, "/tenders/{id}#questions";
    /// A tender that the reader's company has bid for or asked about was amended. In the inbox only, like an answer; that it was
    /// amended is public, and a notice of its own.
    TENDER_AMENDED = "tender-amended", Tender, InboxOnly, AT_ONCE, "/tenders/{id}#amendments";
    /// A tender, or lots of it, that the reader's company has bid for or asked about was ended. In the inbox only, like an amendment.
    TENDER_TERMINATED = "tender-terminated", Tender, InboxOnly, AT_ONCE, "/tenders/{id}#terminations";
    /// A bid of the reader's company has lapsed at the deadline. In the inbox only: nobody learns that there was one.
    BID_LAPSED = "bid-lapsed", Tender, InboxOnly, A_DAY, "/bids";
    /// The ciphertext of a bid that the reader's company has committed to had not come when bids were counted. In the inbox only, too.
    BID_INCOMPLETE = "bid-incomplete", Tender, InboxOnly, A_DAY, "/bids";
    /// The envelopes of a tender were opened: for the buyer and for who has bid.
    TENDER_OPENED = "tender-opened", Tender, Wanted, AT_ONCE, "/tenders/{id}/opening";
    /// The hour has come, and the reader holds a key of the opening: once, and each day after until they or enough others answer.
    SHARE_NEEDED = "share-needed", Tender, Needed, AT_ONCE, "/me/openings/{id}";
    /// A day has passed since the hour, and a tender of the reader's company waits for officers' shares.
    OPENING_WAITING = "opening-waiting", Tender, Needed, AT_ONCE, "/tenders/{id}";
    /// An opening officer of a tender of the reader's company that is not opened yet has left: its page says how many are left.
    HOLDER_LEFT = "holder-left", Tender, Needed, AT_ONCE, "/tenders/{id}";
    /// A buyer asks the reader to witness the opening of a tender.
    WITNESS_ASKED = "witness-asked", Tender, Wanted, A_DAY, "/me/witnessing/{id}";
    /// Whom the reader's company has asked to witness an opening has answered.
    WITNESS_ANSWERED = "witness-answered", Tender, Wanted, AT_ONCE, "/tenders/{id}/draft#hands";
    /// Lots that the reader's company has bid for had too few bids.
    TENDER_FAILED = "tender-failed", Tender, InboxFirst, A_DAY, "/tenders/{id}";
    /// A tender of the reader's own company has failed.
    OWN_TENDER_FAILED = "own-tender-failed", Tender, Wanted, AT_ONCE, "/tenders/{id}";
    /// The reader is named or drawn to evaluate bids.
    EVALUATOR_CALLED = "evaluator-called", Tender, Needed, AT_ONCE, "/evaluations";
    /// The candidates of a lot that the reader's company has bid for are published: objections are taken for some days.
    CANDIDATES_PUBLISHED = "candidates-published", Tender, Needed, AT_ONCE, "/tenders/{id}#candidates";
    /// Such a publication was withdrawn, or is void.
    CANDIDATES_ENDED = "candidates-ended", Tender, Needed, AT_ONCE, "/tenders/{id}#lots";
    /// A bidder objects to the candidates of a tender of the reader's company.
    OBJECTION_MADE = "objection-made", Tender, Needed, AT_ONCE, "/tenders/{id}#candidates";
    /// An objection of the reader's company was answered.
    OBJECTION_ANSWERED = "objection-answered", Tender, Needed, AT_ONCE, "/tenders/{id}#candidates";
    /// Who had objected appeals to the operator against an answer of the reader's company.
    APPEAL_MADE = "appeal-made", Tender, Needed, AT_ONCE, "/tenders/{id}#candidates";
    /// The operator has decided on such an appeal: for both sides.
    APPEAL_DECIDED = "appeal-decided", Tender, Needed, AT_ONCE, "/tenders/{id}#lots";
    /// The reader's company has won a lot.
    TENDER_AWARDED = "tender-awarded", Tender, Needed, AT_ONCE, "/tenders/{id}";
    /// A lot that the reader's company has bid for went to another.
    TENDER_REGRET = "tender-regret", Tender, Needed, AT_ONCE, "/tenders/{id}";
    /// The reader's company is invited to answer a demand.
    DEMAND_INVITED = "demand-invited", Demand, Wanted, AT_ONCE, "/demands/{id}";
    /// A provider has answered a demand of the reader's company with interest, changed that, or taken it back.
    DEMAND_INTEREST = "demand-interest", Demand, Wanted, AN_HOUR, "/demands/{id}#interests";
    /// A question about a demand of the reader's company.
    DEMAND_ASKED = "demand-asked", Demand, Wanted, AN_HOUR, "/demands/{id}#questions";
    /// An answer about a demand that the reader's company has answered with interest or asked about. In the inbox only: no record
    /// tells who asked.
    DEMAND_ANSWERED = "demand-answered", Demand, InboxOnly, AN_HOUR, "/demands/{id}#questions";
    /// A demand that the reader's company has answered has another edition.
    DEMAND_CHANGED = "demand-changed", Demand, Wanted, AN_HOUR, "/demands/{id}";
    /// It is closed, or became a tender that is being prepared.
    DEMAND_CLOSED = "demand-closed", Demand, Wanted, AT_ONCE, "/demands/{id}";
    /// The tender that it became is published.
    DEMAND_TENDERED = "demand-tendered", Tender, Wanted, AT_ONCE, "/tenders/{id}";
    /// A tender names the reader's company, which may bid for it.
    TENDER_INVITED = "tender-invited", Tender, Wanted, AT_ONCE, "/tenders/{id}";
    /// There are minutes of a negotiation with the reader's company.
    NEGOTIATION_MINUTES = "negotiation-minutes", Tender, Needed, AT_ONCE, "/tenders/{id}#lots";
    /// The requirements of a tender that the reader's company negotiates about have changed in substance: all that remain are told.
    NEGOTIATION_CHANGED = "negotiation-changed", Tender, Needed, AT_ONCE, "/tenders/{id}#lots";
    /// Final offers are invited, until an hour; who gives none has left.
    FINAL_OFFERS_INVITED = "final-offers-invited", Tender, Needed, AT_ONCE, "/tenders/{id}#lots";
    /// They were opened: for the buyer, and for who had responded.
    FINAL_OFFERS_OPENED = "final-offers-opened", Tender, Needed, AT_ONCE, "/tenders/{id}#lots";
    /// Applications to a list of the reader's company can be reviewed: the deadline has passed, or one came to a pool that stays open.
    QUALIFIED_TO_REVIEW = "qualified-to-review", Qualified, Wanted, AN_HOUR, "/qualified-lists/{id}/applications";
    /// An application of the reader's company is decided on, or its standing on a list has changed.
    QUALIFIED_RESULT = "qualified-result", Qualified, Needed, AT_ONCE, "/qualified-lists/{id}#application";
    /// A call has failed: for its company and for who has applied.
    QUALIFIED_FAILED = "qualified-failed", Qualified, Needed, AT_ONCE, "/qualified-lists/{id}";
    /// A company has left a pool of the reader's.
    QUALIFIED_LEFT = "qualified-left", Qualified, Wanted, AT_ONCE, "/qualified-lists/{id}/applications";
    /// An applicant objects to a decision of the reader's company.
    QUALIFIED_OBJECTED = "qualified-objected", Qualified, Needed, AT_ONCE, "/qualified-lists/{id}/applications";
    /// An objection of the reader's company to such a decision was answered.
    QUALIFIED_ANSWERED = "qualified-answered", Qualified, Needed, AT_ONCE, "/qualified-lists/{id}#application";
    /// An applicant appeals to the operator against such an answer, or that is decided: for both sides.
    QUALIFIED_APPEAL = "qualified-appeal", Qualified, Needed, AT_ONCE, "/qualified-lists/{id}";
    /// A question about a call of the reader's company.
    QUALIFIED_ASKED = "qualified-asked", Qualified, Wanted, AN_HOUR, "/qualified-lists/{id}#questions";
    /// An answer about a call that the reader's company has applied to or asked about. In the inbox only: no record tells who asked or applied.
    QUALIFIED_REPLIED = "qualified-replied", Qualified, InboxOnly, AN_HOUR, "/qualified-lists/{id}#questions";
    /// A list that the reader's company has applied to is over.
    QUALIFIED_ENDED = "qualified-ended", Qualified, Wanted, AT_ONCE, "/qualified-lists/{id}";
    /// A committee asks the reader's company in writing about its bid.
    INQUIRY_ASKED = "inquiry-asked", Tender, Needed, AT_ONCE, "/inquiries";
    /// A buyer asks the reader's company to let its bid bind longer.
    VALIDITY_ASKED = "validity-asked", Tender, Needed, AT_ONCE, "/extensions";
    /// The operator has approved the reader's company.
    COMPANY_APPROVED = "company-approved", Company, Needed, AT_ONCE, "/company";
    /// The operator has refused it, with a reason.
    COMPANY_REFUSED = "company-refused", Company, Needed, AT_ONCE, "/company";
    /// A further verification of the reader's company was accepted.
    VERIFICATION_ACCEPTED = "verification-accepted", Company, Needed, AT_ONCE, "/company/verification";
    /// It was refused as a whole, with a reason.
    VERIFICATION_REFUSED = "verification-refused", Company, Needed, AT_ONCE, "/company/verification";
    /// It ends soon.
    VERIFICATION_ENDS_SOON = "verification-ends-soon", Company, Needed, AT_ONCE, "/company/verification";
    /// It has ended.
    VERIFICATION_ENDED = "verification-ended", Company, Needed, AT_ONCE, "/company/verification";
    /// A letter of authorisation was issued to the reader.
    MANDATE_ISSUED = "mandate-issued", Company, Needed, AT_ONCE, "/company/mandates";
    /// One of the reader's was revoked.
    MANDATE_REVOKED = "mandate-revoked", Company, Needed, AT_ONCE, "/company/mandates";
    /// One of the reader's, or of the reader's company, ends within a week.
    MANDATE_ENDS_SOON = "mandate-ends-soon", Company, Wanted, AT_ONCE, "/company/mandates";
    /// A document in the library of the reader's company ends within thirty days: for who bids.
    LIBRARY_ENDS_SOON = "library-ends-soon", Company, Wanted, A_DAY, "/company/library";
    /// Its last day is over.
    LIBRARY_ENDED = "library-ended", Company, Wanted, A_DAY, "/company/library";
    /// An approval of the reader's company waits for them.
    APPROVAL_ASKED = "approval-asked", Company, Needed, AT_ONCE, "/company/approvals";
    /// What the reader asked approval for was approved, refused, or is void.
    APPROVAL_DECIDED = "approval-decided", Company, Needed, AT_ONCE, "/company/approvals";
    /// Approval rules of a company that the reader owns were changed.
    APPROVAL_RULED = "approval-ruled", Company, Needed, AT_ONCE, "/company/approval-rules";
    /// A colleague asks the reader to stand in for them.
    SUBSTITUTION_ASKED = "substitution-asked", Company, Needed, AT_ONCE, "/company/substitutions";
    /// A colleague has accepted to stand in: for the reader, or in a company that the reader owns.
    SUBSTITUTION_ACCEPTED = "substitution-accepted", Company, Needed, AT_ONCE, "/company/substitutions";
    /// The colleague whom the reader has asked has declined.
    SUBSTITUTION_DECLINED = "substitution-declined", Company, Needed, AT_ONCE, "/company/substitutions";
    /// A substitution of the reader's was taken back or ended early by somebody else.
    SUBSTITUTION_ENDED = "substitution-ended", Company, Needed, AT_ONCE, "/company/substitutions";
    /// A webhook of the reader's company was given up.
    WEBHOOK_GIVEN_UP = "webhook-given-up", Company, Needed, AT_ONCE, "/company/webhooks/{id}";
    /// Another company asks the reader's for contact.
    CONTACT_ASKED = "contact-asked", Conversation, Wanted, AT_ONCE, "/contact-requests/{id}";
    /// It has accepted.
    CONTACT_ACCEPTED = "contact-accepted", Conversation, Wanted, AT_ONCE, "/contact-requests/{id}";
    /// It has declined.
    CONTACT_DECLINED = "contact-declined", Conversation, Wanted, AT_ONCE, "/contact-requests/{id}";
    /// Nobody has answered in time.
    CONTACT_EXPIRED = "contact-expired", Conversation, Wanted, AT_ONCE, "/contact-requests/{id}";
    /// An award has opened a thread.
    THREAD_OPENED = "thread-opened", Conversation, Wanted, AT_ONCE, "/threads/{id}";
    /// The other side of a thread has written.
    THREAD_MESSAGE = "thread-message", Conversation, Wanted, AN_HOUR, "/threads/{id}#end";
    /// The other side of a thread has shared contact data.
    THREAD_SHARED = "thread-shared", Conversation, Wanted, AN_HOUR, "/threads/{id}#contacts";
    /// The operator has decided on a report about a thread.
    REPORT_DECIDED = "report-decided", Conversation, Needed, AT_ONCE, "/reports/{id}";
    /// It has answered what was said to a decision.
    REPORT_ANSWERED = "report-answered", Conversation, Needed, AT_ONCE, "/reports/{id}";
    /// The reader's password was changed.
    PASSWORD_CHANGED = "password-changed", Account, Needed, AT_ONCE, "/me";
    /// The reader's number or address was corrected.
    CONTACT_CHANGED = "contact-changed", Account, Needed, AT_ONCE, "/me/contact";
    /// The copy of the reader's data can be fetched.
    EXPORT_READY = "export-ready", Account, Needed, AT_ONCE, "/me/export";
    /// The personal information officer has answered.
    COMPLAINT_ANSWERED = "complaint-answered", Account, Needed, AT_ONCE, "/me/complaints/{id}";
    /// A change of the policy was announced.
    POLICY_ANNOUNCED = "policy-announced", Rules, Needed, AT_ONCE, "/policy/versions";
    /// A change of an agreement was announced.
    TERMS_ANNOUNCED = "terms-announced", Rules, Needed, AT_ONCE, "/agreements";
    /// A new notice among those that the reader has subscribed to.
    NOTICE_ARRIVED = "notice-arrived", Notice, Chosen, AT_ONCE, "/notices/{id}";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_goes_by_both_ways_and_cannot_be_switched_off() {
        for kind in ALL.iter().filter(|kind| kind.need == Need::Needed) {
            let (inbox, mail) = (Channel::Inbox, Channel::Mail);
            assert!(kind.is_on(inbox) && kind.is_on(mail) && !kind.is_free(inbox) && !kind.is_free(mail));
            assert!(kind.window.is_zero(), "{}: each that is needed stands for itself", kind.code);
        }
    }

    #[test]
    fn codes_are_unique_and_paths_are_ours() {
        for kind in ALL {
            assert!(std::ptr::eq(Kind::of(kind.code).unwrap(), *kind), "{}", kind.code);
            assert!(kind.path([7; 16]).starts_with('/') && !kind.path([7; 16]).contains('{'));
        }
    }
}

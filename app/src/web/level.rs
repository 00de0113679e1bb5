//! Levels (等级, clause 3.1): how much is known of who acts, and which level each function needs. One table for the guard of
//! the routes, the page of the levels, and the test that asks every route.

use schemars::JsonSchema;
use serde::Serialize;

/// A level. Each has all that the ones before it have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "VerificationLevel")]
pub enum Level {
    /// Phone and e-mail were confirmed with codes.
    Contact,
    /// The company was verified, and its re-check is overdue (clause 3.2): what goes on goes on, nothing new begins.
    Overdue,
    /// The company is verified.
    Company,
    /// It is verified as demand side, too.
    DemandSide,
}

impl Level {
    /// All of them, the lowest first.
    pub const ALL: [Self; 4] = [Self::Contact, Self::Overdue, Self::Company, Self::DemandSide];

    /// As programs are told.
    pub fn code(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Overdue => "overdue",
            Self::Company => "company",
            Self::DemandSide => "demand-side",
        }
    }

    /// Where it is had.
    pub fn way(self) -> &'static str {
        match self {
            Self::Contact | Self::Overdue | Self::Company => "/company/verification",
            Self::DemandSide => "/company/verification/demand-side",
        }
    }

    /// Key of what a function needs that asks for it.
    pub fn need(self) -> &'static str {
        match self {
            Self::Overdue => "verification-level-overdue-need",
            other => other.word(),
        }
    }

    /// Key of its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Contact => "verification-level-contact",
            Self::Overdue => "verification-level-overdue",
            Self::Company => "verification-level-company",
            Self::DemandSide => "verification-level-demand-side",
        }
    }
}

/// A function, the level that it needs, and the operations that it is made of.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[schemars(rename = "VerificationFunction")]
pub struct Function {
    /// Key of its word.
    pub word: &'static str,
    /// The level.
    pub level: Level,
    /// By their ids in the description of the API. What stands under no function needs no more than an account.
    #[serde(skip)]
    pub operations: &'static [&'static str],
}

/// What one does here, and the level each needs: business with others needs more than an account, and nothing else does
/// (clause 2.5).
pub const FUNCTIONS: [Function; 17] = [
    Function {
        word: "verification-function-own",
        level: Level::Contact,
        operations: &[
            "me.show",
            "me.data",
            "export.show",
            "complaint.list",
            "cancellation.show",
            "company.show",
            "verification.overview",
        ],
    },
    Function {
        word: "verification-function-read",
        level: Level::Contact,
        operations: &[
            "notice.list",
            "notice.show",
            "notice.feed",
            "ocds.show",
            "ocds.releases",
            "ocds.release",
            "ocds.record",
            "tender.opportunities",
            "tender.show",
            "tender.document",
            "candidates.show",
            "auction.show",
            "auction.watch",
            "demand.list",
            "demand.feed",
            "demand.show",
            "demand.edition",
            "demand.document",
            "qualified.list",
            "qualified.show",
            "qualified.document",
        ],
    },
    Function {
        word: "verification-function-publish",
        level: Level::Company,
        operations: &[
            "tender.create",
            "tender.form",
            "tender.draft",
            "tender.update",
            "tender.edit-form",
            "tender.criteria-form",
            "tender.criteria",
            "tender.auction-form",
            "tender.auction",
            "tender.add-lot",
            "tender.remove-lot",
            "tender.hands",
            "tender.witness",
            "tender.named",
            "tender.add-documents",
            "tender.remove-document",
            "tender.review",
            "tender.publish",
            "tender.ask-approval",
            "demand.form",
            "demand.create",
            "demand.draft",
            "demand.edit-form",
            "demand.update",
            "demand.add-documents",
            "demand.remove-document",
            "demand.copy",
            "demand.review",
            "demand.publish",
            "demand.ask-approval",
            "qualified.form",
            "qualified.create",
            "qualified.draft",
            "qualified.edit-form",
            "qualified.update",
            "qualified.add-documents",
            "qualified.remove-document",
            "qualified.copy",
            "qualified.publication",
            "qualified.publish",
            "qualified.ask-approval",
        ],
    },
    Function {
        word: "verification-function-run",
        level: Level::Overdue,
        operations: &[
            "tender.list",
            "question.answer",
            "inviting.form",
            "inviting.invite",
            "inviting.ask-approval",
            "amendment.form",
            "amendment.publish",
            "termination.form",
            "termination.publish",
            "extension.form",
            "extension.ask",
            "tender.again",
            "amendment.ask-approval",
            "amendment.file",
            "committee.show",
            "committee.form",
            "committee.draw",
            "committee.replace",
            "negotiation.minute",
            "negotiation.change",
            "negotiation.invite",
            "candidates.publish",
            "candidates.withdraw",
            "objection.answer",
            "award.form",
            "award.create",
            "award.ask-approval",
            "demand.own",
            "demand.change-form",
            "demand.change",
            "demand.ask-change-approval",
            "demand.close",
            "demand.tender",
            "demand-question.answer",
            "qualified.own",
            "qualified.applications",
            "qualified.conclude",
            "qualified.end",
            "qualified.tender",
            "qualified-application.review",
            "qualified-application.suspend",
            "qualified-application.restore",
            "qualified-application.answer",
            "qualified-question.answer",
            "qualified.ask-conclusion-approval",
            "qualified-application.ask-approval",
            "qualified-application.ask-upholding-approval",
        ],
    },
    Function { word: "verification-function-expert", level: Level::Company, operations: &["evaluation.offer"] },
    Function {
        word: "verification-function-evaluate",
        level: Level::Overdue,
        operations: &["evaluation.declare", "evaluation.score", "evaluation.sign", "evaluation.explain", "inquiry.ask"],
    },
    Function {
        word: "verification-function-ask",
        level: Level::Overdue,
        operations: &["question.ask", "demand-question.ask", "qualified-question.ask"],
    },
    Function {
        word: "verification-function-bid",
        level: Level::Company,
        operations: &[
            "bid.form",
            "bid.submit",
            "bid.enclose",
            "consortium.form",
            "consortium.make",
            "consortium.accept",
            "bid.commit",
            "bid.draft",
            "bid.draft-save",
            "bid.draft-removal",
            "interest.form",
            "interest.give",
            "qualified-application.form",
            "qualified-application.give",
        ],
    },
    Function {
        word: "verification-function-bidding",
        level: Level::Overdue,
        operations: &[
            "library.list",
            "library.show",
            "library.file",
            "library.add",
            "library.replace",
            "library.remove",
            "bid.list",
            "bid.show",
            "bid.receipt",
            "bid.proof",
            "bid.replacement-form",
            "bid.replace",
            "bid.enclose-again",
            "bid.commit-again",
            "bid.upload",
            "bid.uploaded",
            "bid.upload-more",
            "bid.upload-end",
            "bid.upload-meant",
            "bid.arrival",
            "bid.arrival-proof",
            "bid.confirm",
            "bid.withdraw",
            "consortium.list",
            "consortium.show",
            "consortium.depart",
            "inquiry.list",
            "inquiry.answer",
            "extension.list",
            "extension.answer",
            "auction.offer",
            "negotiation.confirm",
            "negotiation.leave",
            "final-offer.draft",
            "final-offer.draft-save",
            "final-offer.draft-removal",
            "final-offer.submit",
            "final-offer.receipt",
            "final-offer.proof",
            "objection.form",
            "objection.make",
            "objection.show",
            "objection.appeal",
            "award.letter",
            "award.letter-paper",
            "interest.list",
            "interest.withdraw",
            "qualified-application.list",
            "qualified-application.withdraw",
            "qualified-application.leave",
            "qualified-application.object",
            "qualified-application.appeal",
        ],
    },
    Function {
        word: "verification-function-profile",
        level: Level::Company,
        operations: &["provider.publish", "provider.preview", "provider.begin"],
    },
    Function {
        word: "verification-function-profile-less",
        level: Level::Overdue,
        operations: &[
            "provider.own",
            "provider.undo",
            "provider.end",
            "provider.announce-closing",
            "provider.withdraw-closing",
        ],
    },
    Function { word: "verification-function-contacts", level: Level::Company, operations: &["contacts.enter"] },
    Function {
        word: "verification-function-contacts-less",
        level: Level::Overdue,
        operations: &["contacts.list", "contacts.remove"],
    },
    Function {
        word: "verification-function-reach",
        level: Level::DemandSide,
        operations: &["contacts.of", "contacts.show"],
    },
    Function {
        word: "verification-function-contact-request",
        level: Level::Company,
        operations: &["contact-request.form", "contact-request.ask"],
    },
    Function {
        word: "verification-function-conversation",
        level: Level::Overdue,
        operations: &[
            "contact-request.list",
            "contact-request.show",
            "contact-request.accept",
            "contact-request.decline",
            "contact-request.withdraw",
            "thread.list",
            "thread.show",
            "thread.file",
            "thread.send",
            "thread.withdraw",
            "thread.sharing",
            "thread.preview",
            "thread.share",
            "thread.unshare",
            "thread.address",
            "thread.share-address",
            "thread.unshare-address",
            "thread.look",
            "award-contact.show",
            "award-contact.preview",
            "award-contact.set",
            "award-contact.end",
            "thread.block",
            "thread.unblock",
            "report.form",
            "report.make",
            "report.show",
            "report.reply",
        ],
    },
    Function {
        word: "verification-function-token",
        level: Level::Company,
        operations: &["token.make", "webhook.make"],
    },
];

/// The level that an operation needs.
pub fn needed(operation: &str) -> Level {
    let function = FUNCTIONS.iter().find(|function| function.operations.contains(&operation));
    function.map_or(Level::Contact, |function| function.level)
}

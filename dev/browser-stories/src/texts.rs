//! The words that the stories look for, in each language that they are told in.

/// A language that a person reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// 日本語
    Japanese,
    /// English
    English,
}

/// The words of all pages in one language.
#[derive(Debug)]
pub struct Words {
    /// The language tag (BCP 47).
    pub tag: &'static str,
    /// The language's own name for itself.
    pub own_name: &'static str,
    /// The words of the app.
    pub app: AppWords,
    /// The words of the provider's sign-in page.
    pub provider: ProviderWords,
}

/// The words of the app.
#[derive(Debug)]
pub struct AppWords {
    /// The heading for a visitor.
    pub welcome: &'static str,
    /// The link that begins a sign-in.
    pub sign_in: &'static str,
    /// The button that ends a session.
    pub sign_out: &'static str,
    /// What stands before the person's name.
    pub hello: &'static str,
    /// The heading when a sign-in did not work.
    pub sign_in_failed: &'static str,
    /// The link to a second try.
    pub try_again: &'static str,
    /// The link to the account, and its heading.
    pub account: &'static str,
    /// The link to the sessions, and their heading.
    pub sessions: &'static str,
    /// Marks the session of this browser.
    pub this_device: &'static str,
    /// The button that ends every session.
    pub sign_out_everywhere: &'static str,
    /// What a page says when the session was ended from another device.
    pub ended_elsewhere: &'static str,
    /// What a page says when another tab has signed out.
    pub signed_out_here: &'static str,
    /// What a page says when the person has signed out on all devices.
    pub signed_out_everywhere: &'static str,
    /// What a page says when the provider has ended the session.
    pub ended_by_provider: &'static str,
    /// The beginning of what a page says when the bff cannot be reached.
    pub cannot_be_reached: &'static str,
}

/// The words of the provider's sign-in page.
#[derive(Debug)]
pub struct ProviderWords {
    /// The heading.
    pub title: &'static str,
    /// The label of the phone number.
    pub phone: &'static str,
    /// The button that sends a code.
    pub send_code: &'static str,
    /// The label of the verification code.
    pub code: &'static str,
    /// The button that goes back to the phone number.
    pub change_number: &'static str,
    /// The link to the phone's inbox.
    pub inbox: &'static str,
}

impl Language {
    /// The words in this language.
    #[must_use]
    pub fn words(self) -> &'static Words {
        match self {
            Self::Japanese => &JAPANESE,
            Self::English => &ENGLISH,
        }
    }
}

static JAPANESE: Words = Words {
    tag: "ja",
    own_name: "日本語",
    app: AppWords {
        welcome: "Bookstore へようこそ",
        sign_in: "サインイン",
        sign_out: "サインアウト",
        hello: "こんにちは、",
        sign_in_failed: "サインインに失敗しました",
        try_again: "もう一度試す",
        account: "アカウント",
        sessions: "デバイス",
        this_device: "このデバイス",
        sign_out_everywhere: "すべてのデバイスでサインアウト",
        ended_elsewhere: "別のデバイスからサインアウトされました。",
        signed_out_here: "このブラウザーでサインアウトしました。",
        signed_out_everywhere: "すべてのデバイスでサインアウトしました。",
        ended_by_provider: "サインインサービスがセッションを終了しました。",
        cannot_be_reached: "現在、サービスにつながりません。",
    },
    provider: ProviderWords {
        title: "サインイン",
        phone: "電話番号",
        send_code: "コードを送信",
        code: "確認コード",
        change_number: "番号を変更",
        inbox: "SMS受信箱で確認する",
    },
};

static ENGLISH: Words = Words {
    tag: "en",
    own_name: "English",
    app: AppWords {
        welcome: "Welcome to Bookstore",
        sign_in: "Sign in",
        sign_out: "Sign out",
        hello: "Hello, ",
        sign_in_failed: "The sign-in did not work",
        try_again: "Try again",
        account: "Your account",
        sessions: "Your devices",
        this_device: "This device",
        sign_out_everywhere: "Sign out on all devices",
        ended_elsewhere: "You were signed out from another of your devices.",
        signed_out_here: "You signed out in this browser.",
        signed_out_everywhere: "You signed out on all devices.",
        ended_by_provider: "The sign-in service has ended your session.",
        cannot_be_reached: "The service cannot be reached at the moment.",
    },
    provider: ProviderWords {
        title: "Sign in",
        phone: "Phone number",
        send_code: "Send code",
        code: "Verification code",
        change_number: "Change number",
        inbox: "Read it in the SMS inbox",
    },
};

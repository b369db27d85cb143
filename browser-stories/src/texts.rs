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
        hello: "こんにちは, ",
        sign_in_failed: "サインインできませんでした",
        try_again: "もう一度試す",
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

//! The words of the inbox page in each language.

use super::language::Language;

/// Every word of the page, under the names that `inbox.html` uses.
pub(super) struct Texts {
    pub(super) title: &'static str,
    pub(super) about: &'static str,
    pub(super) stays_here: &'static str,
    pub(super) filter: &'static str,
    pub(super) filter_hint: &'static str,
    pub(super) show_all: &'static str,
    pub(super) empty: &'static str,
    pub(super) empty_hint: &'static str,
    pub(super) no_match: &'static str,
    pub(super) only_this: &'static str,
    /// Comes before a verification code.
    pub(super) code: &'static str,
    pub(super) copy: &'static str,
    pub(super) copied: &'static str,
    pub(super) offline: &'static str,
    pub(super) language: &'static str,
    pub(super) no_script: &'static str,
}

impl Texts {
    pub(super) fn of(language: Language) -> &'static Self {
        match language {
            Language::Japanese => &JAPANESE,
            Language::English => &ENGLISH,
            Language::Chinese => &CHINESE,
        }
    }

    /// Each word with its name.
    pub(super) fn named(&self) -> [(&'static str, &'static str); 16] {
        [
            ("title", self.title),
            ("about", self.about),
            ("stays_here", self.stays_here),
            ("filter", self.filter),
            ("filter_hint", self.filter_hint),
            ("show_all", self.show_all),
            ("empty", self.empty),
            ("empty_hint", self.empty_hint),
            ("no_match", self.no_match),
            ("only_this", self.only_this),
            ("code", self.code),
            ("copy", self.copy),
            ("copied", self.copied),
            ("offline", self.offline),
            ("language", self.language),
            ("no_script", self.no_script),
        ]
    }
}

const ENGLISH: Texts = Texts {
    title: "SMS inbox",
    about: "Messages to every number.",
    stays_here: "No message leaves this machine.",
    filter: "Phone number",
    filter_hint: "All numbers",
    show_all: "Show all",
    empty: "No messages yet",
    empty_hint: "Ask for a verification code, and it appears here by itself.",
    no_match: "No messages for this number",
    only_this: "Only this number",
    code: "Verification code:",
    copy: "Copy code",
    copied: "Copied",
    offline: "The sandbox does not answer. Trying again…",
    language: "Language",
    no_script: "This page needs JavaScript to show messages.",
};

const JAPANESE: Texts = Texts {
    title: "SMS 受信箱",
    about: "すべての番号に届いた SMS です。",
    stays_here: "メッセージはこのマシンの外に出ません。",
    filter: "電話番号",
    filter_hint: "すべての番号",
    show_all: "すべて表示",
    empty: "メッセージはまだありません",
    empty_hint: "確認コードを送信すると、ここに自動で表示されます。",
    no_match: "この番号へのメッセージはありません",
    only_this: "この番号だけ表示",
    code: "確認コード:",
    copy: "コードをコピー",
    copied: "コピーしました",
    offline: "サンドボックスが応答しません。再接続しています…",
    language: "言語",
    no_script: "メッセージの表示には JavaScript が必要です。",
};

const CHINESE: Texts = Texts {
    title: "短信收件箱",
    about: "发给所有号码的短信。",
    stays_here: "任何短信都不会离开这台机器。",
    filter: "手机号码",
    filter_hint: "全部号码",
    show_all: "显示全部",
    empty: "还没有短信",
    empty_hint: "请求验证码后，短信会自动显示在这里。",
    no_match: "此号码没有短信",
    only_this: "只看此号码",
    code: "验证码：",
    copy: "复制验证码",
    copied: "已复制",
    offline: "沙箱没有响应，正在重新连接…",
    language: "语言",
    no_script: "显示短信需要 JavaScript。",
};

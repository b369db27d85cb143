//! The texts of the inbox page in each language.

use super::language::Language;

/// Every text of the page, under the name that `inbox.html` uses.
pub(super) struct Texts {
    pub(super) title: &'static str,
    pub(super) about: &'static str,
    pub(super) stays_here: &'static str,
    pub(super) search: &'static str,
    pub(super) search_hint: &'static str,
    pub(super) delete_all: &'static str,
    pub(super) delete_phone: &'static str,
    pub(super) delete: &'static str,
    pub(super) empty: &'static str,
    pub(super) empty_hint: &'static str,
    pub(super) no_match: &'static str,
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
}

const ENGLISH: Texts = Texts {
    title: "SMS inbox",
    about: "The phones of everybody who got a message.",
    stays_here: "No message leaves this machine.",
    search: "Search",
    search_hint: "Search by number, code or words",
    delete_all: "Delete all",
    delete_phone: "Delete all messages of this number",
    delete: "Delete this message",
    empty: "No messages yet",
    empty_hint: "Ask for a verification code, and it appears here by itself.",
    no_match: "No message matches",
    copy: "Copy",
    copied: "Copied",
    offline: "The sandbox does not answer. Trying again…",
    language: "Language",
    no_script: "This page needs JavaScript to show messages.",
};

const JAPANESE: Texts = Texts {
    title: "SMS 受信箱",
    about: "SMS が届いたすべての電話です。",
    stays_here: "メッセージはこのマシンの外に出ません。",
    search: "検索",
    search_hint: "番号・コード・本文で検索",
    delete_all: "すべて削除",
    delete_phone: "この番号のメッセージをすべて削除",
    delete: "このメッセージを削除",
    empty: "メッセージはまだありません",
    empty_hint: "確認コードを送信すると、ここに自動で表示されます。",
    no_match: "一致するメッセージはありません",
    copy: "コピー",
    copied: "コピーしました",
    offline: "サンドボックスが応答しません。再接続しています…",
    language: "言語",
    no_script: "メッセージの表示には JavaScript が必要です。",
};

const CHINESE: Texts = Texts {
    title: "短信收件箱",
    about: "所有收到短信的手机。",
    stays_here: "任何短信都不会离开这台机器。",
    search: "搜索",
    search_hint: "按号码、验证码或内容搜索",
    delete_all: "全部删除",
    delete_phone: "删除此号码的全部短信",
    delete: "删除这条短信",
    empty: "还没有短信",
    empty_hint: "请求验证码后，短信会自动显示在这里。",
    no_match: "没有匹配的短信",
    copy: "复制",
    copied: "已复制",
    offline: "沙箱没有响应，正在重新连接…",
    language: "语言",
    no_script: "显示短信需要 JavaScript。",
};

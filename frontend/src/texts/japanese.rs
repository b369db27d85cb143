//! The texts in Japanese.

use super::{
    Account, Explanation, Notice, Notices, Sessions, SignInFailed, StatusFailed, Texts, Welcome,
};
use crate::{claims::ClaimName as N, time_left::TimeLeft};
use shared::{ProblemCode as P, SignedOutReason as R};

pub(super) static TEXTS: Texts = Texts {
    choose_language: "言語",
    account_title: "アカウント",
    sessions_title: "デバイス",
    sign_in: "サインイン",
    try_again: "もう一度試す",
    to_the_start: "ホームへ戻る",
    welcome: Welcome {
        title: "Bookstore へようこそ",
        lead: "本が好きな人のための、小さな書店です。必要なのは電話だけ。届いた確認コードを入力すれば、もうお店の中です。",
        promises: [
            "パスワードを考えたり、覚えたりする必要はありません。",
            "SMS の確認コードで、ご本人であることを確かめます。",
            "サインインの情報は当店のサーバーにあり、ブラウザーのスクリプトからは見えません。",
        ],
    },
    not_signed_in: "このページを見るにはサインインしてください。サインイン後、ここに戻ります。",
    not_found: Notice {
        title: "ページが見つかりません",
        lead: "ページが移動したか、アドレスに誤りがあるようです。",
    },
    sign_in_failed: SignInFailed {
        title: "サインインに失敗しました",
        already_signed_in: Notice {
            title: "サインイン済みです",
            lead: "今回のサインインは完了しませんでしたが、すでにサインインしていますので、このままご利用いただけます。",
        },
        explain,
        code: "お問い合わせ用コード:",
    },
    pages: "ページ",
    loading: "少々お待ちください…",
    sign_out: "サインアウト",
    signing_out: "サインアウトしています…",
    sign_out_failed: "サインアウトを完了できませんでした。もう一度お試しください。",
    close: "閉じる",
    hello: "こんにちは、",
    signed_in: "サインイン済みです。",
    needs_app: "この内容を表示するアプリを起動できませんでした。ページを再読み込みするか、ブラウザーで JavaScript と WebAssembly を有効にしてください（Apple 製品のロックダウンモードでは WebAssembly が無効になります）。サインアウトはホームからできます。",
    account: Account {
        lead: "サインインサービスから受け取った、お客様についての情報のすべてです。",
        session,
        asking: "サインインサービスに最新の情報を確認しています…",
        is_live: "サインインサービスにある現在の情報です。",
        is_not_live: "現在、サインインサービスに確認できません。サインインしたときの情報を表示しています。",
        show: "表示",
        hide: "隠す",
        show_phone: "電話番号を表示",
        hide_phone: "電話番号を隠す",
        claim,
        yes: "はい",
        no: "いいえ",
    },
    sessions: Sessions {
        lead: "サインインしているデバイスの一覧です。使わなくなったデバイスはここでサインアウトできます。",
        this_device: "このデバイス",
        unknown_device: "不明なデバイス",
        on: |browser, system| format!("{system} の {browser}"),
        last_seen: "最終アクセス: ",
        since: "サインイン日時: ",
        end: "サインアウト",
        end_failed: "完了できませんでした。もう一度お試しください。",
        end_all: "すべてのデバイスでサインアウト",
    },
    notices: Notices {
        signed_out,
        expiring: |time| format!("操作がないため、{time}にサインアウトします。"),
        ending: |time| {
            format!(
                "有効期間が終わるため、{time}にサインアウトします。続けるには、もう一度サインインしてください。"
            )
        },
        stay: "サインインを続ける",
        sign_in_again: "もう一度サインイン",
        trouble: "現在、サービスにつながりません。表示が古い可能性があります。自動的に接続し直しています。",
    },
    status_failed: StatusFailed {
        title: "サインインの状態を確認できませんでした",
        unreachable: Explanation {
            what: "サービスにつながらないため、サインイン中かどうか分かりません。",
            next: "接続を確かめて、もう一度お試しください。",
        },
    },
};

fn signed_out(reason: R) -> &'static str {
    match reason {
        R::SignedOut => "このブラウザーでサインアウトしました。",
        R::EndedElsewhere => "別のデバイスからサインアウトされました。",
        R::Everywhere => "すべてのデバイスでサインアウトしました。",
        R::Provider => "サインインサービスがセッションを終了しました。",
        R::AccountClosed => {
            "アカウントが停止または削除されました。お心当たりがない場合は、お問い合わせください。"
        }
        R::Expired => "有効期間が過ぎたため、セッションが終了しました。",
    }
}

fn session(ends: TimeLeft, idle: TimeLeft) -> String {
    if idle == TimeLeft::Moments {
        return "サインインはまもなく終了します。".to_owned();
    }
    let ends_in = duration(ends);
    if ends == idle {
        format!("サインインはあと{ends_in}有効です。")
    } else {
        let away = duration(idle);
        format!("サインインはあと{ends_in}有効です。{away}操作がないと、そこで終了します。")
    }
}

fn duration(time: TimeLeft) -> String {
    match time {
        TimeLeft::Days(count) => format!("{count}日間"),
        TimeLeft::Hours(count) => format!("{count}時間"),
        TimeLeft::Minutes(count) => format!("{count}分"),
        TimeLeft::Moments => "1分未満".to_owned(),
    }
}

fn claim(name: N) -> &'static str {
    match name {
        N::Address => "住所",
        N::Aud => "サインイン先のアプリ",
        N::AuthTime => "最後の本人確認",
        N::Birthdate => "誕生日",
        N::CreatedAt => "登録日時",
        N::CustomData => "アプリのデータ",
        N::Email => "メールアドレス",
        N::EmailVerified => "メールアドレスの確認",
        N::Exp => "有効期限",
        N::FamilyName => "姓",
        N::Gender => "性別",
        N::GivenName => "名",
        N::Iat => "発行日時",
        N::Identities => "連携したソーシャルアカウント",
        N::Iss => "発行元",
        N::Locale => "言語",
        N::MiddleName => "ミドルネーム",
        N::Name => "名前",
        N::Nickname => "ニックネーム",
        N::OrganizationData => "組織の名前",
        N::OrganizationRoles => "組織でのロール",
        N::Organizations => "組織",
        N::PhoneNumber => "電話番号",
        N::PhoneNumberVerified => "電話番号の確認",
        N::Picture => "写真",
        N::PreferredUsername => "希望する呼び名",
        N::Profile => "プロフィールページ",
        N::Roles => "ロール",
        N::SsoIdentities => "連携した企業アカウント",
        N::Sub => "識別子",
        N::UpdatedAt => "プロフィールの更新日時",
        N::Username => "ユーザー名",
        N::Website => "ウェブサイト",
        N::Zoneinfo => "タイムゾーン",
    }
}

const AGAIN: &str = "もう一度お試しください。";
const FROM_HERE: &str = "お手数ですが、ここからやり直してください。";
const LATER: &str = "お客様の操作が原因ではありません。1分ほど待って、もう一度お試しください。";
const WAIT: &str = "1分ほど待って、もう一度お試しください。";
const TELL_US: &str = "もう一度お試しください。繰り返す場合は、下のコードをお知らせください。";

fn explain(reason: Option<P>) -> Explanation {
    let (what, next) = match reason {
        Some(P::AccessDenied) => (
            "サインインは承認されませんでした。",
            "取り消すつもりがなかった場合は、もう一度お試しください。",
        ),
        Some(P::UnknownSignIn) => (
            "このサインインは、1時間を過ぎたか、すでに使われたか、別のブラウザーで始められたものです。",
            FROM_HERE,
        ),
        Some(P::InteractionRequired) => (
            "サインインには、お客様の操作が必要です。",
            "もう一度、画面の案内に沿って進めてください。",
        ),
        Some(P::ProviderRefused) => (
            "サインインサービスがサインインを受け付けませんでした。",
            TELL_US,
        ),
        Some(P::InvalidResponse) => (
            "当店のサインインサービスからの応答ではなかったため、受け付けませんでした。",
            "直前のページには何も入力せず、ここからやり直してください。",
        ),
        Some(P::CodeRefused) => (
            "サインインサービスが、このサインインを確認できませんでした。",
            AGAIN,
        ),
        Some(P::InvalidIdToken) => ("ご本人であることを確認できませんでした。", TELL_US),
        Some(P::IdentityTooLarge) => (
            "アカウントの情報が多すぎるため、サインインできませんでした。",
            "もう一度試しても結果は変わりません。下のコードをお知らせください。",
        ),
        Some(P::InvalidUserInfo) => (
            "サインインサービスから別の人の情報が届いたため、表示しません。",
            TELL_US,
        ),
        Some(P::ProviderUnavailable) => ("現在、サインインサービスにつながりません。", LATER),
        Some(P::StoreUnavailable) => ("現在、サインインの状態を確認できません。", LATER),
        Some(P::NotSignedIn) => (
            "セッションが終了しました。",
            "もう一度サインインしてください。",
        ),
        Some(P::NotAllowed) => (
            "お使いのアカウントには、この操作の権限がありません。",
            TELL_US,
        ),
        Some(P::ApiUnavailable) => ("現在、このサイトの一部の機能を利用できません。", LATER),
        Some(P::ApiTimedOut) => (
            "このサイトの一部の機能で、応答に時間がかかりすぎています。",
            LATER,
        ),
        Some(P::CrossSite) => (
            "このサイトからの操作ではなかったため、受け付けませんでした。",
            FROM_HERE,
        ),
        Some(P::NotANavigation) => (
            "サインインは、ご自身でリンクを開いたときにだけ始まります。",
            FROM_HERE,
        ),
        Some(P::InvalidRequest) => ("アドレスに、理解できない指定が含まれています。", FROM_HERE),
        Some(P::InvalidLogoutToken) => (
            "セッションを終了する要求を確認できませんでした。",
            FROM_HERE,
        ),
        Some(P::InvalidWebhook) => (
            "サインインサービスからの通知を確認できませんでした。",
            FROM_HERE,
        ),
        Some(P::NotFound) => ("このアドレスには何もありません。", FROM_HERE),
        Some(P::MethodNotAllowed) => ("このアドレスは、その方法では使えません。", FROM_HERE),
        Some(P::RateLimited) => (
            "お使いのネットワークからのサインインが短時間に多すぎます。",
            WAIT,
        ),
        Some(P::Busy) => ("ただいま大変混み合っています。", LATER),
        Some(P::PayloadTooLarge) => ("送られたデータが大きすぎます。", FROM_HERE),
        Some(P::TimedOut) => ("応答に時間がかかりすぎました。", LATER),
        Some(P::Internal) => ("こちら側で問題が起きました。", LATER),
        None => ("サインインを完了できませんでした。", AGAIN),
    };
    Explanation { what, next }
}

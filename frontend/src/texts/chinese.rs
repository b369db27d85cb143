//! The texts in Chinese, in simplified characters.

use super::{
    Account, Explanation, Notice, Notices, Sessions, SignInFailed, StatusFailed, Texts, Welcome,
};
use crate::{claims::ClaimName as N, time_left::TimeLeft};
use shared::{ProblemCode as P, SignedOutReason as R};

pub(super) static TEXTS: Texts = Texts {
    choose_language: "语言",
    account_title: "账号",
    sessions_title: "设备",
    sign_in: "登录",
    try_again: "重试",
    to_the_start: "返回首页",
    welcome: Welcome {
        title: "欢迎来到 Bookstore",
        lead: "一家为爱书人开的小书店。只需一部手机：输入短信里的验证码，就能进店。",
        promises: [
            "不用设置密码，也不用记住密码。",
            "用短信验证码确认是您本人。",
            "登录信息保存在我们的服务器上，浏览器中的脚本接触不到。",
        ],
    },
    not_signed_in: "请先登录再查看此页面，登录后会回到这里。",
    not_found: Notice {
        title: "这里什么也没有",
        lead: "页面可能已经移动，或者地址有误。",
    },
    sign_in_failed: SignInFailed {
        title: "登录没有成功",
        already_signed_in: Notice {
            title: "您已登录",
            lead: "这次登录没有成功，但您在这里已经是登录状态，可以直接继续使用。",
        },
        explain,
        code: "错误代码：",
    },
    pages: "页面",
    loading: "请稍候…",
    sign_out: "退出登录",
    signing_out: "正在退出…",
    sign_out_failed: "退出没有成功，请重试。",
    close: "关闭",
    hello: "您好，",
    signed_in: "您已登录。",
    needs_app: "用于显示此内容的应用没能启动。请刷新页面，或在浏览器中启用 JavaScript 和 WebAssembly（Apple 设备的锁定模式会停用 WebAssembly）。您仍可以在首页退出登录。",
    account: Account {
        lead: "以下是登录服务告诉我们的关于您的全部信息。",
        session,
        asking: "正在向登录服务查询最新信息…",
        is_live: "登录服务当前的信息。",
        is_not_live: "暂时无法向登录服务查询，以下是您登录时的信息。",
        show: "显示",
        hide: "隐藏",
        show_phone: "显示手机号",
        hide_phone: "隐藏手机号",
        claim,
        yes: "是",
        no: "否",
    },
    sessions: Sessions {
        lead: "您登录的所有设备。不再使用的设备可以在这里退出。",
        this_device: "本设备",
        unknown_device: "未知设备",
        on: |browser, system| format!("{system} 上的 {browser}"),
        last_seen: "最近访问：",
        since: "登录时间：",
        end: "退出登录",
        end_failed: "操作没有成功，请重试。",
        end_all: "在所有设备上退出",
    },
    notices: Notices {
        signed_out,
        expiring: |time| format!("由于长时间没有操作，将于 {time} 退出登录。"),
        ending: |time| format!("登录即将到期，将于 {time} 退出。请重新登录以继续。"),
        stay: "保持登录",
        sign_in_again: "重新登录",
        trouble: "暂时连不上服务，页面内容可能不是最新的。我们会自动重试。",
    },
    status_failed: StatusFailed {
        title: "无法确认登录状态",
        unreachable: Explanation {
            what: "暂时连不上服务，因此不知道您是否已登录。",
            next: "请检查网络连接，然后重试。",
        },
    },
};

fn signed_out(reason: R) -> &'static str {
    match reason {
        R::SignedOut => "您已在此浏览器中退出登录。",
        R::EndedElsewhere => "您已从另一台设备退出了此处的登录。",
        R::Everywhere => "您已在所有设备上退出登录。",
        R::Provider => "登录服务结束了您的会话。",
        R::AccountClosed => "您的账号已停用或删除。如有疑问，请联系我们。",
        R::Expired => "登录已过期。",
    }
}

fn session(ends: TimeLeft, idle: TimeLeft) -> String {
    let ends_in = duration(ends);
    if ends == idle {
        format!("登录状态还可保持{ends_in}。")
    } else {
        let away = duration(idle);
        format!("登录状态还可保持{ends_in}；若{away}没有操作，将提前结束。")
    }
}

/// With a space on both sides of a number, as is good style between Chinese characters and digits.
fn duration(time: TimeLeft) -> String {
    match time {
        TimeLeft::Days(count) => format!(" {count} 天"),
        TimeLeft::Hours(count) => format!(" {count} 小时"),
        TimeLeft::Minutes(count) => format!(" {count} 分钟"),
        TimeLeft::Moments => "不到一分钟".to_owned(),
    }
}

fn claim(name: N) -> &'static str {
    match name {
        N::Address => "地址",
        N::Aud => "登录的应用",
        N::AuthTime => "上次验证身份",
        N::Birthdate => "生日",
        N::CreatedAt => "注册时间",
        N::CustomData => "应用数据",
        N::Email => "电子邮箱",
        N::EmailVerified => "电子邮箱已验证",
        N::Exp => "有效期至",
        N::FamilyName => "姓",
        N::Gender => "性别",
        N::GivenName => "名",
        N::Iat => "签发时间",
        N::Identities => "已关联的社交账号",
        N::Iss => "签发方",
        N::Locale => "语言",
        N::MiddleName => "中间名",
        N::Name => "姓名",
        N::Nickname => "昵称",
        N::OrganizationData => "组织名称",
        N::OrganizationRoles => "组织中的角色",
        N::Organizations => "组织",
        N::PhoneNumber => "手机号",
        N::PhoneNumberVerified => "手机号已验证",
        N::Picture => "头像",
        N::PreferredUsername => "希望的称呼",
        N::Profile => "个人主页",
        N::Roles => "角色",
        N::SsoIdentities => "已关联的企业账号",
        N::Sub => "标识符",
        N::UpdatedAt => "资料更新时间",
        N::Username => "用户名",
        N::Website => "网站",
        N::Zoneinfo => "时区",
    }
}

const AGAIN: &str = "请重试。";
const FROM_HERE: &str = "请从这里重新开始。";
const LATER: &str = "这不是您的操作造成的。请过一分钟再试。";
const WAIT: &str = "请过一分钟再试。";
const TELL_US: &str = "请重试。如果再次出现，请把下面的代码告诉我们。";

fn explain(reason: Option<P>) -> Explanation {
    let (what, next) = match reason {
        Some(P::AccessDenied) => ("登录请求被拒绝。", "如果您并不想拒绝，请重试。"),
        Some(P::UnknownSignIn) => (
            "这次登录已超过一小时、已被使用，或是在别的浏览器中开始的。",
            FROM_HERE,
        ),
        Some(P::InteractionRequired) => ("登录需要您亲自操作。", "请重试，并按页面提示完成各步。"),
        Some(P::ProviderRefused) => ("登录服务拒绝了这次登录。", TELL_US),
        Some(P::InvalidResponse) => (
            "收到的答复并非来自我们的登录服务，因此没有接受。",
            "请不要在刚才的页面上输入任何内容，从这里重新开始。",
        ),
        Some(P::CodeRefused) => ("登录服务没有确认这次登录。", AGAIN),
        Some(P::InvalidIdToken) => ("我们无法确认是您本人。", TELL_US),
        Some(P::IdentityTooLarge) => (
            "您的账号信息过多，无法完成登录。",
            "重试也无法解决，请把下面的代码告诉我们。",
        ),
        Some(P::InvalidUserInfo) => ("登录服务返回了他人的信息，因此不予显示。", TELL_US),
        Some(P::ProviderUnavailable) => ("暂时无法连接登录服务。", LATER),
        Some(P::StoreUnavailable) => ("暂时无法查询登录状态。", LATER),
        Some(P::NotSignedIn) => ("您的会话已经结束。", "请重新登录。"),
        Some(P::NotAllowed) => ("您的账号没有权限进行此操作。", TELL_US),
        Some(P::ApiUnavailable) => ("本网站的部分功能暂时无法使用。", LATER),
        Some(P::ApiTimedOut) => ("本网站的部分功能响应时间过长。", LATER),
        Some(P::CrossSite) => ("请求并非来自本网站，因此没有接受。", FROM_HERE),
        Some(P::NotANavigation) => ("只有您亲自打开链接，才会开始登录。", FROM_HERE),
        Some(P::InvalidRequest) => ("地址中有我们无法理解的内容。", FROM_HERE),
        Some(P::InvalidLogoutToken) => ("无法核实结束会话的请求。", FROM_HERE),
        Some(P::InvalidWebhook) => ("无法核实来自登录服务的通知。", FROM_HERE),
        Some(P::NotFound) => ("这个地址什么也没有。", FROM_HERE),
        Some(P::MethodNotAllowed) => ("这个地址不能这样使用。", FROM_HERE),
        Some(P::RateLimited) => ("您所在的网络在短时间内登录次数过多。", WAIT),
        Some(P::Busy) => ("目前访问人数过多。", LATER),
        Some(P::PayloadTooLarge) => ("提交的内容过大。", FROM_HERE),
        Some(P::TimedOut) => ("响应时间过长。", LATER),
        Some(P::Internal) => ("我们这边出了问题。", LATER),
        None => ("登录没有完成。", AGAIN),
    };
    Explanation { what, next }
}

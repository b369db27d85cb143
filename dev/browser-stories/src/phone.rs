//! The phones of the people in the stories.

/// A phone.
#[derive(Clone, Copy, Debug)]
pub struct Phone {
    /// Its number as its owner types it.
    pub typed: &'static str,
    /// Its number with the country calling code (E.164).
    pub number: &'static str,
    /// Its number as the app shows it to a person who looks over the shoulder.
    pub masked: &'static str,
}

/// A phone in Japan, whose owner types no calling code because the page is in Japanese.
pub const JAPANESE: Phone = Phone {
    typed: "090-1234-5678",
    number: "+819012345678",
    masked: "+81••••••5678",
};

/// A phone in China, whose owner types the calling code because the page is in English.
pub const CHINESE: Phone = Phone {
    typed: "+86 138 0013 8000",
    number: "+8613800138000",
    masked: "+86•••••••8000",
};

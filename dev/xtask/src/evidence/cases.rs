//! The numbered cases: every attack or fault that has a number, by area.

/// What belongs together, and the numbers in it.
pub(super) struct Area {
    pub(super) heading: &'static str,
    /// Separated by spaces. The gaps are numbers that were never given.
    pub(super) numbers: &'static str,
    /// Whether every number is either shown by a test or explained; otherwise the area lists what tests show so far.
    pub(super) complete: bool,
}

impl Area {
    const fn complete(heading: &'static str, numbers: &'static str) -> Self {
        Self {
            heading,
            numbers,
            complete: true,
        }
    }

    const fn begun(heading: &'static str, numbers: &'static str) -> Self {
        Self {
            heading,
            numbers,
            complete: false,
        }
    }

    pub(super) fn numbers(&self) -> impl Iterator<Item = &'static str> {
        self.numbers.split_whitespace()
    }
}

pub(super) const AREAS: &[Area] = &[
    Area::complete(
        "Beginning a sign-in",
        "B001 B002 B003 B004 B006 B008 B009 B011 B012 B014",
    ),
    Area::complete(
        "Coming back from the provider",
        "B015 B016 B017 B018 B019 B022 B024 B025 B026 B027 B029 B031 B033 B034 B035 B037 B038 B039 B040 B042",
    ),
    Area::complete(
        "ID token, token answer and claims",
        "B044 B045 B046 B048 B049 B050 B053 B054 B056 B057 B059 B061 B062 B063 B064 B066 B068 B069 B071 B072 B073 B076 B077",
    ),
    Area::complete(
        "The session and its cookie",
        "B078 B082 B085 B086 B088 B089 B090 B091 B093 B094 B098 B099 B101",
    ),
    Area::complete(
        "Requests that another site makes",
        "B102 B103 B104 B108 B109 B110 B112 B113",
    ),
    Area::complete(
        "Where a person lands",
        "R01 R02 R03 R04 R05 R06 R07 R08 R09 R10 R14 R15 R16 R17 R19 R20 R21 R22 R24 R25 R27 R28 R29 R31 R32 R35 R36 R38",
    ),
    Area::complete(
        "Signing out",
        "B114 B116 B117 B118 B120 B121 B122 B124 B126 B127 B128",
    ),
    Area::complete(
        "Being signed out by the provider",
        "B129 B130 B131 B133 B134 B137 B138 B139 B142 B143 B145 B146 B147 B149 B151 B152",
    ),
    Area::complete(
        "Refreshing tokens",
        "B153 B154 B156 B157 B159 B162 B165 B166 B167",
    ),
    Area::complete(
        "Headers, redirects and addresses from outside",
        "B168 B169 B171 B172 B174 B175 B176 B179 B180 B182 B184 B187 B188",
    ),
    Area::complete(
        "What browsers are told, and what leaks",
        "B189 B191 B193 B194 B195 B196 B197 B199 B201 B203 B204",
    ),
    Area::complete(
        "Too much of everything",
        "B205 B206 B207 B209 B210 B211 B214 B215 B217",
    ),
    Area::complete(
        "Faults of the provider",
        "B218 B219 B220 B221 B222 B226 B227 B229 B230 B232 B233",
    ),
    Area::complete(
        "Faults of the store and the clock",
        "B235 B236 B237 B240 B241 B244 B245 B246",
    ),
    Area::begun(
        "Settings and provisioning",
        "B249 B250 B251 B253 B255 B257 B258",
    ),
    Area::complete(
        "Weak spots of the libraries underneath",
        "T01 T02 T03 T04 T05 T06 T07 T08 T09 T10 T11 T12 T13",
    ),
    Area::begun("Ways of Logto", "T14 T15 T16 T17"),
    Area::begun(
        "Codes by SMS",
        "P001 P002 P004 P006 P007 P008 P009 P011 P013 P014 P015 P016 P018 P019 P020 P024 P025 P026 P028 P029 \
         P030 P033 P034 P036 P038 P039 P040 P041 P042 P044 P046 P065 P068 P069",
    ),
    Area::complete("Phone numbers", "P047 P048 P049 P053 P054 P055"),
    Area::complete(
        "The connector to Aliyun SMS",
        "P056 P057 P059 P060 P062 P063",
    ),
    Area::begun(
        "The provider of a local run",
        "P071 P073 P074 P075 P076 P078 P079 P080 P081 P082 P084 P085 P086 P089 P090 P092 P093 P095 P097 P098 \
         P100 P102 P103 P104 P106 P108 P109 P110 P113 P114 P115 P116 P117 P118 P119 P121 P122 P123 P126 P127 \
         P129 P131 P133 P134 P136 P137 P138 P141 P142 P143 P145 P147",
    ),
];

/// Reports: what people met with sign-in products, on a real Logto, or with other tools.
pub(super) const REPORTS: &[Area] = &[
    Area::complete(
        "People and phone numbers",
        "Q01 Q02 Q03 Q04 Q05 Q06 Q07 Q08",
    ),
    Area::complete(
        "Requests that browsers and machines make by themselves",
        "Q10 Q11 Q12 Q13 Q14 Q15 Q16 Q17 Q18 Q19",
    ),
    Area::complete(
        "The provider, the network and the stores",
        "Q20 Q21 Q22 Q23 Q24 Q25 Q26 Q27 Q28 Q29 Q30 Q31 Q32 Q33 Q34 Q35 Q36 Q37 Q38 Q39 Q40 Q41 Q42 Q43 Q44 Q45 \
         Q46 Q47 Q48 Q49",
    ),
    Area::complete(
        "The embedded provider beside a Logto",
        "Q50 Q51 Q52 Q53 Q54 Q55 Q56",
    ),
];

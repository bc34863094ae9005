internal import FetchCore
internal import JSONBridge

/// The API's `data.status`, in the closed list of what is documented.
///
/// Case, hyphens, underscores and spaces do not count: `In_Progress` is one more spelling of `in-progress`. Other words
/// for it are not guessed: a job with an unknown status is polled again in any case.
enum WireStatus: Equatable {
    case inProgress
    case completed
    case failed
    /// The files of a finished job were removed.
    case cleaned
    /// Missing or null.
    case absent
    /// Anything else, quoted for a person.
    case unknown(String)

    init(_ value: JSONValue?) {
        switch value {
        case nil, .null?:
            self = .absent
        case .string(let text)?:
            self = Self.known(text) ?? .unknown("“\(ForeignText.printable(text, limit: Self.longestQuote))”")
        case .number(let number)?:
            self = .unknown(ForeignText.printable(number.text, limit: Self.longestQuote))
        case .bool(let truth)?:
            self = .unknown(truth ? "true" : "false")
        case .array?:
            self = .unknown("an array")
        case .object?:
            self = .unknown("an object")
        }
    }

    /// Most characters of a foreign status in a message: a status is a word or two, and a message is one sentence.
    static let longestQuote = 40

    /// More bytes than any spelling of a known status has, so that a huge one is not read through.
    private static let longestSpelling = 64

    private static func known(_ text: String) -> WireStatus? {
        guard text.utf8.count <= longestSpelling else { return nil }
        if let exact = words.first(where: { $0.word == text }) { return exact.status }
        let letters = text.utf8.lazy.filter { !isSeparator($0) }.map(lowercased)
        return words.first { letters.elementsEqual($0.word.utf8) }?.status
    }

    /// How each is spelled in lower case, without separators.
    private static let words: [(word: String, status: WireStatus)] = [
        ("completed", .completed), ("inprogress", .inProgress), ("failed", .failed), ("cleaned", .cleaned),
    ]

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "_"), 0x09, 0x0A, 0x0D: true
        default: false
        }
    }
}

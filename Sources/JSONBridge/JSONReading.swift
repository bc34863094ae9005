/// How strictly a text is read as JSON.
public enum JSONReading: Sendable, Equatable {
    /// Only what means the same to every reader.
    ///
    /// Half of a surrogate pair and a number beyond the range of `Double` are errors, though the grammar allows them.
    case strict
    /// Everything that the grammar of RFC 8259 allows, for a user's text that is passed on unchanged.
    ///
    /// Half of a surrogate pair is read as U+FFFD; a text that was cut in the middle of a character has one. A number
    /// may be of any size, and keeps its spelling.
    case grammatical
    /// Also what most readers accept beyond the grammar, for a text of which only a part is needed.
    ///
    /// A byte order mark is skipped, and each byte of a string that is not UTF-8 is read as U+FFFD.
    case loose

    /// Accepts half of a surrogate pair in an escape, and a number of any size.
    var allowsWholeGrammar: Bool { self != .strict }

    /// Accepts a byte order mark, and bytes of strings that are not UTF-8.
    var allowsStrangeBytes: Bool { self == .loose }
}

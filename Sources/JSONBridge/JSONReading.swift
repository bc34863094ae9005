/// How much is forgiven of a text that is to be read as JSON.
public enum JSONReading: Sendable, Equatable {
    /// Nothing: what is read means the same to every reader.
    ///
    /// Half of a surrogate pair and a number beyond the range of `Double` are errors, though the grammar allows them.
    case strict
    /// All that the grammar of RFC 8259 allows, for text that is somebody's own and goes on as it stands.
    ///
    /// Half of a surrogate pair, which a text has that was cut in the middle of a character, is read as U+FFFD; a number
    /// may be of any size, and keeps its spelling.
    case grammatical
    /// Besides, what most readers let pass, for text of which only a part is needed.
    ///
    /// A byte order mark is passed over, and every byte of a string that is not UTF-8 is read as U+FFFD.
    case loose

    /// Half of a surrogate pair in an escape, and a number of any size, are no errors.
    var allowsWholeGrammar: Bool { self != .strict }

    /// Nor are a byte order mark, and bytes that are no UTF-8.
    var allowsStrangeBytes: Bool { self == .loose }
}

internal import FetchCore
internal import JSONBridge

/// Whose job a reply says it is about.
enum EchoedID: Equatable {
    case same
    case another(JobID)
    /// No id, or none that can be read: one documented example has none.
    case absent

    private static let names = JobID.fieldNames.map(\.description)

    /// Whether there is an id with a part that could not be decoded.
    static func isDamaged(in places: [JSONValue]) -> Bool {
        places.contains { place in
            names.contains { name in place[name]?.string?.isDamaged == true }
        }
    }

    /// Looks in all places, and compares UUIDs and not text. One wrong id counts more than a right one.
    init(in places: [JSONValue], expecting id: JobID) {
        self = .absent
        for place in places {
            for name in Self.names {
                guard let text = place[name]?.string, let echoed = JobID(utf8: text.utf8Span.span) else { continue }
                guard echoed == id else {
                    self = .another(echoed)
                    return
                }
                self = .same
            }
        }
    }
}

extension String {
    /// Whether a part of the text could not be decoded, so that U+FFFD stands in its place.
    var isDamaged: Bool { !utf8Span.isKnownASCII && unicodeScalars.contains("\u{FFFD}") }
}

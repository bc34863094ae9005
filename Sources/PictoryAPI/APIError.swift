internal import FetchCore
internal import JSONBridge

/// What the API says went wrong: its own code and message, wherever in the reply they are.
///
/// The documentation shows them in `data`, at top level and in `error`, under several names. So each is looked for in
/// all of these places, and the first one that is not empty counts.
struct APIError: Equatable {
    /// Verbatim, a number as it was spelled, and bounded.
    let code: String?
    /// Verbatim and bounded.
    let message: String?

    /// Most characters of each that are kept. It is text for a person, and a thousand failures that quote a page each
    /// would make the results unreadable; the messages that have been seen are a few words.
    static let longestText = 1000

    init(in root: JSONValue) {
        let places = [root["data"], root, root["error"], root["data"]?["error"]].compactMap { $0 }
        code = Self.first(Self.codeNames, in: places)
        message = Self.first(Self.messageNames, in: places)
        notFound = places.reduce(.unsaid) { max($0, NotFound(saidIn: $1)) }
    }

    private static let codeNames = ["error_code", "code"]
    private static let messageNames = ["error_message", "errorMessage", "message", "error"]

    /// Whether the API says that it knows no such job. Its words count in every place. Its number counts only under the
    /// API's own name for it, because a gateway may have a `code` 5000 of its own.
    let notFound: NotFound

    enum NotFound: Int, Comparable {
        case unsaid
        /// The number 5000 with other words beside it, because no list says that it means nothing else.
        case number
        /// The API's own constant `JOB_NOT_FOUND`, or its number without other words.
        case words

        static func < (left: NotFound, right: NotFound) -> Bool { left.rawValue < right.rawValue }

        init(saidIn place: JSONValue) {
            let codes = APIError.codeNames.compactMap { APIError.text(place[$0]) }
            let messages = APIError.messageNames.compactMap { APIError.text(place[$0]) }
            if (codes + messages).contains("JOB_NOT_FOUND") {
                self = .words
            } else if APIError.text(place["error_code"]) == "5000" {
                self = messages.isEmpty ? .words : .number
            } else {
                self = .unsaid
            }
        }
    }

    var isPresent: Bool {
        code != nil || message != nil
    }

    private static func first(_ names: [String], in places: [JSONValue]) -> String? {
        for place in places {
            for name in names {
                if let text = text(place[name]) { return text }
            }
        }
        return nil
    }

    private static func text(_ value: JSONValue?) -> String? {
        switch value {
        case .string(let text)? where !text.utf8.isEmpty: ForeignText.beginning(of: text, limit: longestText)
        case .number(let number)?: ForeignText.beginning(of: number.text, limit: longestText)
        default: nil
        }
    }
}

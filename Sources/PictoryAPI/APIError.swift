internal import JSONBridge

/// What the API says went wrong: its own code and message, wherever in the reply they stand.
///
/// The documentation shows them in `data`, at top level and in `error`, under several names, so each is looked for in
/// all of those places and the first that says anything counts.
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
        code = Self.first(["error_code", "code"], in: places)
        message = Self.first(["error_message", "errorMessage", "message", "error"], in: places)
    }

    var isPresent: Bool {
        code != nil || message != nil
    }

    /// Whether the API says that it knows no such job.
    ///
    /// The words are the API's own constant and not prose. The code 5000 comes with them; alone it is believed only
    /// where no other message stands beside it, because no list says that it means nothing else.
    var saysJobNotFound: Bool {
        let words = "JOB_NOT_FOUND"
        return message == words || code == words || (code == "5000" && message == nil)
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
        case .string(let text)? where !text.utf8.isEmpty: BoundedText.beginning(of: text, limit: longestText)
        case .number(let number)?: BoundedText.beginning(of: number.text, limit: longestText)
        default: nil
        }
    }
}
